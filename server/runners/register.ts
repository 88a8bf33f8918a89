import { randomUUIDv7 } from 'node:crypto';
import { hostname } from 'node:os';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { checkPython, findRuntime } from '../tunix/runtime.ts';

/** What a runner says of itself; the API shows it and refuses LOCAL runs that nobody can execute. */
export type RunnerRuntime = {
  /** Whether it can execute LOCAL runs: the environment is there, or can be made. */
  ready: boolean;
  message: string;
  python: string | null;
  tunix: string | null;
  devices: { kind: string; platform: string; id: number }[];
};

/** Finds out what this machine can execute with, without making the environment. */
export async function describeRuntime(app: Pick<App, 'config'>): Promise<RunnerRuntime> {
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

/** Adds this process to the runners. Returns its id. */
export async function registerRunner(app: Pick<App, 'db' | 'config' | 'bell'>): Promise<string> {
  const { name, labels } = app.config.runner;
  const runner = await app.db.runner.create({
    data: {
      id: randomUUIDv7(),
      name,
      host: hostname(),
      pid: process.pid,
      labels,
      runtime: await describeRuntime(app),
    },
  });
  app.bell.ring('runs');
  return runner.id;
}

/** Says that the runner lives. Depends on nothing but the database. */
export async function beatHeart(app: Pick<App, 'db'>, id: string): Promise<void> {
  await app.db.$executeRaw`
    UPDATE runners SET heartbeat_at = clock_timestamp() WHERE id = ${id}::uuid`;
}

/** Says what the runner can execute with by now: the first run makes its environment. */
export async function tellRuntime(app: Pick<App, 'db' | 'config'>, id: string): Promise<void> {
  await app.db.runner.update({ where: { id }, data: { runtime: await describeRuntime(app) } });
}

/** Marks the end of a runner that stopped in order. */
export async function leave(app: Pick<App, 'db' | 'bell'>, id: string): Promise<void> {
  await app.db.$executeRaw`
    UPDATE runners SET stopped_at = clock_timestamp() WHERE id = ${id}::uuid`;
  app.bell.ring('runs');
}
