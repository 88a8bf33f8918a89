import type { App } from '../app.ts';
import { onlineRunnerIds } from './read.ts';
import { describeRuntime, type RunnerRuntime } from './register.ts';

export type TunixStatus = {
  available: boolean;
  version: string | null;
  pythonVersion: string | null;
  devices: RunnerRuntime['devices'];
  message: string;
};

/** Whether some runner can execute Tunix; without any runner, what this machine could do. */
export async function tunixStatus(app: Pick<App, 'db' | 'sql' | 'config'>): Promise<TunixStatus> {
  const online = await onlineRunnerIds(app.sql);
  const runners = await app.db.runner.findMany({ where: { id: { in: [...online] } } });
  const runtimes = runners.map(({ runtime }) => runtime as RunnerRuntime);
  const ready = runtimes.filter((runtime) => runtime.ready);
  const best = ready.find((runtime) => runtime.tunix) ?? ready[0] ?? runtimes[0];
  if (best) {
    return {
      available: best.ready,
      version: best.tunix,
      pythonVersion: best.python,
      devices: best.devices,
      message: best.message,
    };
  }
  const here = await describeRuntime(app);
  return {
    available: false,
    version: here.tunix,
    pythonVersion: here.python,
    devices: here.devices,
    message: `No runner is connected; start one with \`npm run runner\`. Here: ${here.message}`,
  };
}
