/** The thread that `offThread.ts` starts: answers once, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { compareAll, type PairedTask, testAll } from './tasks.ts';

const { kind, tasks } = workerData as { kind: 'compare' | 'test'; tasks: PairedTask[] };
parentPort?.postMessage(kind === 'compare' ? compareAll(tasks) : testAll(tasks));
