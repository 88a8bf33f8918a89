import { randomUUIDv7 } from 'node:crypto';
import { hostname } from 'node:os';
import packageFile from '../../package.json' with { type: 'json' };
import { admitRunner, isStillAdmitted } from '../access/runnerKey.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { listModels } from '../tunix/models.ts';
import { checkPython, findRuntime } from '../tunix/runtime.ts';
import { findNamesake } from './read.ts';
import { readResources } from './resources.ts';

/** What a runner says of itself; the API shows it and refuses LOCAL runs that nobody can execute. */
export type RunnerRuntime = {
  /** Whether it can execute LOCAL runs: the environment is there, or can be made. */
  ready: boolean;
  message: string;
  python: string | null;
  tunix: string | null;
  devices: { kind: string; platform: string; id: number; memoryBytes?: number | null }[];
  /** Ids of the models it can have: its folders of MODELS_DIR, and what needs none. */
  models?: string[];
};

/** Finds out what this machine can execute with and train, without making the environment. */
export async function describeRuntime(app: Pick<App, 'config'>): Promise<RunnerRuntime> {
  const models = (await listModels(app.config)).map(({ id }) => id);
  return { ...(await describePython(app)), models };
}

async function describePython(app: Pick<App, 'config'>): Promise<RunnerRuntime> {
  const none = { tunix: null, devices: [] };
  if (app.config.tunix.readyPython) {
    const message = `TUNIX_PYTHON is used: ${app.config.tunix.readyPython}`;
    return { ready: true, message, python: null, ...none };
  }
  const found = await findRuntime(app.config);
  if (found) {
    const { python, tunix, devices } = found.runtime;
    return { ready: true, message: 'The Python environment is ready.', python, tunix, devices };
  }
  try {
    const python = await checkPython(app.config);
    const message = 'The Python environment will be made by the first run.';
    return { ready: true, message, python, ...none };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ready: false, message: error.message, python: null, ...none };
  }
}

/** What the runner offers: its setting, and `gpu` when it has one. */
const labelsOf = (labels: readonly string[], { devices }: RunnerRuntime): string[] => {
  const hasGpu = devices.some(({ platform }) => platform === 'gpu');
  return [...new Set([...labels, ...(hasGpu ? ['gpu'] : [])])].toSorted();
};

/**
 * Adds this process to the runners. Returns its id.
 * @throws UnavailableError when access is asked for and its key is not good
 */
export async function registerRunner(
  app: Pick<App, 'db' | 'sql' | 'config' | 'bell' | 'log'>,
): Promise<string> {
  const { name, labels, slots } = app.config.runner;
  const keyId = await admitRunner(app);
  const host = hostname();
  const runtime = await describeRuntime(app);
  const namesake = await findNamesake(app.sql, name, host);
  const runner = await app.db.runner.create({
    data: {
      id: randomUUIDv7(),
      name,
      host,
      pid: process.pid,
      labels: labelsOf(labels, runtime),
      slots,
      version: packageFile.version,
      resources: await readResources(app.config.dataDir),
      runtime,
      keyId,
    },
  });
  if (namesake) {
    app.log.warn(
      { runnerId: runner.id, otherRunnerId: namesake.id, otherPid: namesake.pid, name },
      'another runner of this name was heard of on this host just now; both work. Set RUNNER_NAME ' +
        'to tell them apart',
    );
  }
  app.bell.ring('runs');
  return runner.id;
}

/**
 * Says that the runner lives and what is free, and learns whether it is to take no more runs, and
 * whether it may go on at all: `admitted`.
 */
export async function beatHeart(
  app: Pick<App, 'sql' | 'config'>,
  id: string,
): Promise<{ draining: boolean; admitted: boolean }> {
  const admitted = await isStillAdmitted(app);
  const { rows } = await app.sql.query<{ draining: boolean }>(
    `UPDATE runners SET heartbeat_at = clock_timestamp(), resources = $2 WHERE id = $1
     RETURNING draining_at IS NOT NULL AS draining`,
    [id, JSON.stringify(await readResources(app.config.dataDir))],
  );
  return { draining: rows[0]?.draining ?? false, admitted };
}

/** Says what the runner can execute with by now: the first run makes its environment. */
export async function tellRuntime(app: Pick<App, 'db' | 'config'>, id: string): Promise<void> {
  const runtime = await describeRuntime(app);
  const labels = labelsOf(app.config.runner.labels, runtime);
  await app.db.runner.update({ where: { id }, data: { runtime, labels } });
}

/** Marks the end of a runner that stopped in order. */
export async function leave(app: Pick<App, 'db' | 'bell'>, id: string): Promise<void> {
  await app.db.$executeRaw`
    UPDATE runners SET stopped_at = clock_timestamp() WHERE id = ${id}::uuid`;
  app.bell.ring('runs');
}
