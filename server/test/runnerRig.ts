/** A runner that executes runs with the stand-in, and what became of them. */
import type { App } from '../app.ts';
import { registerRunner } from '../runners/register.ts';
import { executeRun } from '../runs/attempt/execute.ts';
import { behave, queueRun, withStandIn } from './rig.ts';

/** Executes a run as the runner would, with another app or until `signal`. */
export type Execute = (id: string, by?: App, signal?: AbortSignal) => ReturnType<typeof executeRun>;

/** The app with the stand-in, and a runner of it. */
export async function withRunner(base: App): Promise<{ app: App; execute: Execute }> {
  const app = await withStandIn(base);
  const runnerId = await registerRunner(app);
  return {
    app,
    execute: (id, by = app, signal = new AbortController().signal) =>
      executeRun(by, { id: runnerId, shutdown: signal }, id),
  };
}

/** A run that has trained so many steps. */
export async function finishedRun(app: App, execute: Execute, steps: number): Promise<string> {
  await behave(app, { steps });
  const { id } = await queueRun(app);
  await execute(id);
  return id;
}

/** A run with its attempts and events, in order. */
export const runOf = (app: App, id: string) =>
  app.db.run.findUniqueOrThrow({
    where: { id },
    include: { attempts: { orderBy: { epoch: 'asc' } }, events: { orderBy: { seq: 'asc' } } },
  });
