import { randomUUIDv7 } from 'node:crypto';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';

/** A runner that was just heard of and can execute LOCAL runs, unless told otherwise. */
export function makeRunner(
  app: Pick<App, 'db'>,
  data: Partial<Prisma.RunnerUncheckedCreateInput> = {},
) {
  return app.db.runner.create({
    data: {
      id: randomUUIDv7(),
      name: 'alpha',
      host: 'here',
      pid: 1,
      labels: ['cpu'],
      runtime: { ready: true, message: 'It is ready.', python: null, tunix: null, devices: [] },
      ...data,
    },
  });
}
