/** Where and on what was measured, and whether the machine was quiet. */
import { execFile } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Pool } from 'pg';

const run = promisify(execFile);

/** Busy cores beyond which nothing is measured. */
export const QUIET = 0.5;

const SETTINGS = `
  SELECT name, current_setting(name) AS value FROM pg_settings
  WHERE source = 'command line' AND name !~ '^(port|listen|unix|log|lc|timezone)'
     OR name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'default_toast_compression', 'jit',
                 'work_mem', 'maintenance_work_mem', 'lc_collate')
  ORDER BY name`;

export type Machine = {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  postgres: string;
  settings: Record<string, string>;
  payloadCompression: string;
  commit: string;
};

/** @param sql of a migrated database */
export async function describeMachine(sql: Pool): Promise<Machine> {
  const version = await sql.query('SHOW server_version');
  const settings = await sql.query<{ name: string; value: string }>(SETTINGS);
  const compression = await sql.query(
    `SELECT attcompression AS code FROM pg_attribute
     WHERE attrelid = 'traces'::regclass AND attname = 'payload'`,
  );
  const git = (args: string[]) =>
    run('git', ['--no-optional-locks', ...args], { cwd: import.meta.dirname }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  const dirty =
    (await git(['status', '--porcelain', '--', ':/server', ':/schema', ':/prisma'])) !== '';
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()}`,
    node: process.version,
    postgres: version.rows[0].server_version,
    settings: Object.fromEntries(settings.rows.map(({ name, value }) => [name, value])),
    payloadCompression: { l: 'lz4', p: 'pglz' }[compression.rows[0].code as string] ?? 'default',
    commit: `${(await git(['rev-parse', '--short', 'HEAD'])) || 'unknown'}${dirty ? '-dirty' : ''}`,
  };
}

export const machineLine = (m: Machine): string =>
  `${m.cpu}, ${m.cores} cores, ${m.memoryGb} GB, ${m.kernel}, Node ${m.node}, ` +
  `PostgreSQL ${m.postgres} (payload ${m.payloadCompression}), commit ${m.commit}`;

/** How many cores were busy, with whatever, during a second. */
export async function busyCores(): Promise<number> {
  const before = cpuTimes();
  await delay(1000);
  const after = cpuTimes();
  const share = 1 - (after.idle - before.idle) / (after.all - before.all);
  return share * cpus().length;
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    all: times.flatMap((each) => Object.values(each)).reduce((a, b) => a + b, 0),
  };
}

/** Busy cores of the last minute. Asked before we begin: later it is mostly our own. */
export async function loadAverage(): Promise<number> {
  await delay(1000);
  return loadavg()[0] ?? 0;
}

/** Measures until at most half a core is busy, for up to `patienceMs`, and answers the last figure. */
export async function waitForQuiet(
  measure: () => Promise<number>,
  patienceMs: number,
): Promise<number> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const busy = await measure();
    if (busy <= QUIET || performance.now() > until) return busy;
  }
}
