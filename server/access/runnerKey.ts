/** The key by which a runner is let in where access is asked for. */
import type { App } from '../app.ts';
import { UnavailableError } from '../errors.ts';
import type { Actor } from './actor.ts';
import { findKey } from './findKey.ts';

type Parts = Pick<App, 'sql' | 'config'>;

/** Whoever a token of a runner stands for; null when it is not good, or is no runner's. */
async function findRunnerKey({ sql, config }: Parts): Promise<Actor | null> {
  const { token } = config.runner;
  const actor = token === null ? null : await findKey({ sql }, token);
  return actor?.kind === 'RUNNER' ? actor : null;
}

/**
 * Id of the key a runner shows when it comes; null where nobody is asked.
 * @throws UnavailableError when it may not work here
 */
export async function admitRunner(app: Parts): Promise<string | null> {
  if (!app.config.access.required) return null;
  const key = await findRunnerKey(app);
  if (key) return key.id;
  const said =
    app.config.runner.token === null
      ? 'This runner has no key, and access is on.'
      : 'RUNNER_TOKEN is no key of a runner that is good here: unknown, revoked, expired or for something else.';
  const remedy =
    'Let an admin make a key with the scope RUNNER and set it as RUNNER_TOKEN where the runner starts.';
  throw new UnavailableError(said, remedy);
}

/** Whether a runner that was let in may go on. */
export const isStillAdmitted = async (app: Parts): Promise<boolean> =>
  !app.config.access.required || (await findRunnerKey(app)) !== null;
