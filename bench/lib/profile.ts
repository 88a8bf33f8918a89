/** Where the time of a process went, from the CPU profile that Node wrote. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
};

/**
 * The functions with most time of their own, over all threads of all profiles in a folder, as lines
 * with their share of the busy time.
 */
export async function topFunctions(dir: string, count: number): Promise<string[]> {
  const own = new Map<string, number>();
  for (const file of (await readdir(dir)).filter((name) => name.endsWith('.cpuprofile'))) {
    addOwnTimes(JSON.parse(await readFile(join(dir, file), 'utf8')) as Profile, own);
  }
  const busy = own.values().reduce((sum, time) => sum + time, 0);
  return [...own]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
}

function addOwnTimes({ nodes, samples, timeDeltas }: Profile, own: Map<string, number>): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    if (name === undefined || name === '(idle)') continue;
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const file = url.replace(/^.*\/(?=node_modules\/|server\/|schema\/|prisma\/)/, '');
  return `${functionName || '(anonymous)'}  ${file && `${file}:${lineNumber + 1}`}`.trim();
}
