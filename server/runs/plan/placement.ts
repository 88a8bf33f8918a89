/** Where a run could be executed: the runners that are online and offer what it requires. */
import type { Prisma } from '../../../prisma/generated/client/client.ts';
import type { App } from '../../app.ts';
import { UnavailableError } from '../../errors.ts';
import { onlineRunnerIds } from '../../runners/read.ts';
import { checkPython } from '../../tunix/runtime.ts';

type Device = { kind: string; platform: string; id: number; memoryBytes?: number | null };

export type EligibleRunner = {
  id: string;
  /** Whether it can execute LOCAL runs. */
  isReady: boolean;
  /** The state of its Python side. */
  message: string;
  /** Null before its environment is made. */
  devices: Device[] | null;
  /** As of its last heartbeat; what it does not report is left out. */
  resources: { memoryBytes?: number; memoryFreeBytes?: number; diskFreeBytes?: number };
};

type Runtime = { ready?: boolean; message?: string; devices?: Device[] };

/** The runners that are online and have all the labels, the last heard of first. */
export async function eligibleRunners(
  app: Pick<App, 'db' | 'sql'>,
  labels: readonly string[],
): Promise<EligibleRunner[]> {
  const online = await onlineRunnerIds(app.sql);
  const where: Prisma.RunnerWhereInput = {
    id: { in: [...online] },
    labels: { hasEvery: [...labels] },
  };
  const orderBy = [{ heartbeatAt: 'desc' as const }, { id: 'desc' as const }];
  const runners = await app.db.runner.findMany({ where, orderBy });
  return runners.map(({ id, runtime, resources }) => {
    const { ready = false, message = '', devices = [] } = runtime as Runtime;
    return {
      id,
      isReady: ready,
      message,
      devices: devices.length > 0 ? devices : null,
      resources: resources as EligibleRunner['resources'],
    };
  });
}

/**
 * Makes sure that something can run Tunix: one of the runners, or without any this machine.
 * @throws UnavailableError with what is missing.
 */
export async function requirePython(
  app: Pick<App, 'config'>,
  runners: readonly EligibleRunner[],
): Promise<void> {
  if (runners.some(({ isReady }) => isReady)) return;
  const [first] = runners;
  if (!first) {
    await checkPython(app.config);
    return;
  }
  throw new UnavailableError(
    `No runner can execute Tunix: ${first.message || 'Python is missing'}`,
    'Or use mode DRY_RUN, which needs no Python.',
  );
}
