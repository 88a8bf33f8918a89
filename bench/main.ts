/**
 * `npm run bench -- --only=a,b,c`: measures the product against floors and peers on a PostgreSQL of
 * its own. See bench/README.md.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  busyCores,
  describeMachine,
  loadAverage,
  machineLine,
  QUIET,
  waitForQuiet,
} from './lib/machine.ts';
import { type BenchPostgres, openBenchPostgres } from './lib/postgres.ts';
import { topFunctions } from './lib/profile.ts';
import {
  type Measurement,
  rowsOf,
  tableOf,
  type WorkloadReport,
  writeResults,
} from './lib/report.ts';
import type { Bench, Workload } from './lib/workload.ts';
import { create } from './workloads/create.ts';
import { fanOut } from './workloads/fanOut.ts';
import { importFile } from './workloads/import.ts';
import { leaderboard } from './workloads/leaderboard.ts';
import { list } from './workloads/list.ts';
import { logs } from './workloads/logs.ts';
import { queue } from './workloads/queue.ts';
import { replays } from './workloads/replay.ts';

const WORKLOADS: Workload[] = [importFile, create, list, queue, logs, fanOut, replays, leaderboard];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: WORKLOADS.map(({ letter }) => letter).join(',') },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    size: { type: 'string' },
    postgres: { type: 'string', default: 'auto' },
    data: { type: 'string' },
    predecessor: { type: 'string' },
    profile: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);
const note = (line: string) => void process.stderr.write(`${line}\n`);

/** Said to the one who called, without a stack. */
class Refused extends Error {
  override readonly name = 'Refused';
}

const QUIET_WAIT_MS = 60_000;

/**
 * Waits for a quiet machine and answers how many cores were busy all the same.
 * @throws Refused when it does not become quiet, unless that does not matter.
 */
async function quiet(measure: () => Promise<number>): Promise<number> {
  const anyhow = options.force || options.quick;
  const busy = await waitForQuiet(measure, anyhow ? 0 : QUIET_WAIT_MS);
  if (busy <= QUIET || anyhow) return busy;
  throw new Refused(
    `${busy.toFixed(2)} cores are busy with something else, at most ${QUIET} may be. Stop it, or ` +
      'measure anyway with --force: the report then says how busy it was.',
  );
}

async function runWorkload(workload: Workload, bench: Bench, rounds: number) {
  note(`${workload.letter}: preparing ${workload.name}`);
  const measurements: Measurement[] = [];
  const busyBefore: number[] = [];
  await using open = await workload.open(bench);
  for (let round = 1; round <= rounds; round += 1) {
    busyBefore.push(await quiet(busyCores));
    note(`${workload.letter}: round ${round} of ${rounds}`);
    measurements.push(...(await open.round()));
  }
  const report: WorkloadReport = {
    name: `${workload.letter} ${workload.name}`,
    what: open.what,
    skipped: open.skipped,
    checks: [...open.checks],
    busyBefore,
    rows: rowsOf(measurements, open.headlineOf),
  };
  say(`\n${tableOf(report)}`);
  return report;
}

async function main(): Promise<void> {
  const letters = options.only.split(',');
  const chosen = WORKLOADS.filter(({ letter }) => letters.includes(letter));
  const unknown = letters.filter((letter) => !WORKLOADS.some((known) => known.letter === letter));
  if (unknown.length > 0) throw new Refused(`There is no workload ${unknown.join(', ')}.`);
  const { postgres: kind } = options;
  if (kind !== 'auto' && kind !== 'system' && kind !== 'embedded') {
    throw new Refused('--postgres is auto, system or embedded.');
  }
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Refused('--rounds is a whole number from 1.');

  await quiet(loadAverage);
  await using postgres = await openBenchPostgres({ kind, dir: options.data, log: () => {} });
  // Leaving this scope stops the server, with whom all others end.
  const interrupted = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => interrupted.reject(new Refused(`ended by ${signal}`)));
  }
  await Promise.race([runAll(postgres, chosen, rounds), interrupted.promise]);
}

async function runAll(postgres: BenchPostgres, chosen: Workload[], rounds: number): Promise<void> {
  await using database = await postgres.openDatabase('bench_machine');
  const machine = await describeMachine(database.sql);
  say(machineLine(machine));
  const { quick, predecessor, size } = options;
  const reports: WorkloadReport[] = [];
  for (const workload of chosen) {
    const profile = options.profile && (await freshFolder(options.profile, workload.letter));
    const bench: Bench = { postgres, quick, profile, predecessor, size, log: note };
    reports.push(await runWorkload(workload, bench, rounds));
    if (!profile) continue;
    say(`\nbusy time of the API process, of the functions themselves (${profile}):`);
    for (const line of await topFunctions(profile, 25)) say(line);
  }
  // Not the whole options: where things lie on this machine is no part of the result.
  const { only, force, postgres: kind, out } = options;
  const told = { only, rounds, quick, force, size, postgres: kind };
  const path = await writeResults(out, machine, told, reports);
  say(`\n${path}`);
}

async function freshFolder(dir: string, letter: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  return mkdtemp(join(resolve(dir), `${letter}-`));
}

try {
  await main();
} catch (error) {
  note(
    error instanceof Refused ? error.message : String(error instanceof Error ? error.stack : error),
  );
  process.exit(1);
}
