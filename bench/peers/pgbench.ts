/** `pgbench` with one statement: what PostgreSQL does without any server of ours. */
import { execFile } from 'node:child_process';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { latencies, type Sample } from '../lib/stats.ts';

const run = promisify(execFile);

export type PgbenchOptions = {
  program: string;
  url: string;
  /** In the language of pgbench, `\set` lines included. */
  script: string;
  clients: number;
  seconds: number;
};

/** Runs the script over and over, prepared, and answers `perSecond` and the latencies. */
export async function pgbench(options: PgbenchOptions): Promise<Sample> {
  const { program, url, script, clients, seconds } = options;
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-pgbench-'));
  try {
    const file = join(dir, 'script.sql');
    await writeFile(file, script);
    const { host, port, username, password, pathname } = partsOf(url);
    const args = ['-n', '-M', 'prepared', '-c', `${clients}`, '-j', '1', '-T', `${seconds}`];
    const all = [...args, '-l', '-f', file, '-h', host, '-p', port, '-U', username, pathname];
    const { stdout } = await run(program, all, {
      cwd: dir, // its log of every latency goes here
      env: { PATH: process.env.PATH, PGPASSWORD: password },
    });
    const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    const failed = Number(/failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
    if (!Number.isFinite(perSecond) || failed > 0)
      throw new Error(`pgbench did nothing: ${stdout}`);
    const count = Number(/actually processed: (\d+)/.exec(stdout)?.[1]);
    return { count, seconds, perSecond, ...latencies(await readLog(dir)) };
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** The third field of each line of the log is the latency in microseconds. */
async function readLog(dir: string): Promise<number[]> {
  const times: number[] = [];
  for await (const name of glob('pgbench_log.*', { cwd: dir })) {
    const text = await readFile(join(dir, name), 'utf8');
    for (const line of text.trimEnd().split('\n')) times.push(Number(line.split(' ')[2]) / 1000);
  }
  return times;
}

function partsOf(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return { host: hostname, port, username, password, pathname: pathname.slice(1) };
}
