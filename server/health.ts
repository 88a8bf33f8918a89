import { setTimeout as pause } from 'node:timers/promises';
import packageFile from '../package.json' with { type: 'json' };
import type { App } from './app.ts';
import {
  MigrationChangedError,
  MigrationFailedError,
  pendingMigrations,
  type Queryable,
} from './postgres/migrate.ts';
import { onlineRunnerIds, readPresence } from './runners/read.ts';

export const VERSION: string = packageFile.version;

/**
 * `required` parts decide whether the API is ready; a missing runner only keeps runs waiting, and
 * without the artifact store nothing but downloads fails.
 */
export type HealthPart = { name: string; ok: boolean; message: string; required: boolean };

/** An S3 store that is away is tried again for longer than whoever asks would wait. */
const STORE_MS = 3_000;
/** Names no object: no file has this digest. */
const NOTHING = '0'.repeat(64);

/** Looks at every part of the API now. A part that fails is reported, not thrown. */
export async function readHealth(app: Pick<App, 'sql' | 'store'>): Promise<HealthPart[]> {
  return Promise.all([
    ...lookAtDatabase(app),
    look('queue', true, async () => {
      await app.sql.query('SELECT version FROM pgboss.version');
      return null;
    }),
    look('artifacts', false, async () => {
      const late = pause(STORE_MS, 'does not answer', { ref: false });
      return Promise.race([app.store.sizeOf(NOTHING).then(() => null), late]);
    }),
    look('runners', false, async () => {
      const online = await onlineRunnerIds(app.sql);
      return online.size > 0 ? null : 'no runner is connected; start one with `npm run runner`';
    }),
  ]);
}

/**
 * Looks at what a runner needs to take runs. `runnerId` is its own, null until it has registered; it is
 * online by the same rule as for everybody else, so what is told here is what the page of runners shows.
 */
export async function readRunnerHealth(
  app: Pick<App, 'sql'>,
  runnerId: string | null,
): Promise<HealthPart[]> {
  return Promise.all([
    ...lookAtDatabase(app),
    look('heartbeat', true, async () => {
      if (runnerId === null) return 'the runner has not registered yet';
      const { online, ageSeconds } = await readPresence(app.sql, runnerId);
      const seconds = Math.round(ageSeconds);
      return online ? null : `the runner has stopped, or was last heard of ${seconds} seconds ago`;
    }),
  ]);
}

/** Whether a process with these parts can do its work, as `/ready` tells it. */
export const readinessOf = (parts: HealthPart[]) => {
  const isReady = parts.every((part) => part.ok || !part.required);
  return { isReady, body: { status: isReady ? 'ready' : 'not ready', parts } };
};

async function look(
  name: string,
  required: boolean,
  see: () => Promise<string | null>,
): Promise<HealthPart> {
  try {
    const fault = await see();
    return { name, required, ok: fault === null, message: fault ?? 'works' };
  } catch {
    // Why is in the log of whoever owns the connection; the message may go to strangers.
    return { name, required, ok: false, message: 'does not answer' };
  }
}

const lookAtDatabase = (app: Pick<App, 'sql'>) => [
  look('database', true, async () => {
    await app.sql.query('SELECT 1');
    return null;
  }),
  look('migrations', true, () => faultOfMigrations(app.sql)),
];

/** What keeps this version from working on the database; null when nothing does. */
export async function faultOfMigrations(sql: Queryable): Promise<string | null> {
  try {
    const { length } = await pendingMigrations(sql);
    if (length === 0) return null;
    const what = length === 1 ? '1 migration is' : `${length} migrations are`;
    return `${what} not applied; run \`npm run migrate\``;
  } catch (error) {
    if (error instanceof MigrationChangedError) {
      return `${error.migration} was changed after it had been applied; restore its file`;
    }
    if (error instanceof MigrationFailedError) return `${error.migration} failed`;
    throw error;
  }
}
