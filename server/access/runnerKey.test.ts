import type { App } from '../app.ts';
import { UnavailableError } from '../errors.ts';
import { makeKey, makeUser, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { LOCAL } from './actor.ts';
import { revokeApiKey } from './keys.ts';
import { admitRunner, isStillAdmitted } from './runnerKey.ts';
import { newKey } from './secrets.ts';
import { changeUser } from './users.ts';

/** The app of a runner with this token. */
const asRunner = (app: App, token: string | null) =>
  withAccess(app, { runner: { ...app.config.runner, token } });

describe('a runner', () => {
  test('needs no key where nobody is asked', async ({ app }) => {
    expect(await admitRunner(app)).toBeNull();
    expect(await isStillAdmitted(app)).toBe(true);
  });

  test('is let in by its key, as long as it holds', async ({ app }) => {
    const { id, secret } = await makeKey(app, ['RUNNER']);
    const runner = asRunner(app, secret);
    expect(await admitRunner(runner)).toBe(id);
    expect(await isStillAdmitted(runner)).toBe(true);
    await revokeApiKey(app, id, LOCAL);
    expect(await isStillAdmitted(runner)).toBe(false);
    await expect(admitRunner(runner)).rejects.toThrow('revoked');
  });

  test('is let in as long as the owner of its key is an admin', async ({ app }) => {
    await makeUser(app, 'ADMIN');
    const { id } = await makeUser(app, 'ADMIN');
    const runner = asRunner(app, (await makeKey(app, ['RUNNER'], id)).secret);
    expect(await isStillAdmitted(runner)).toBe(true);
    await changeUser(app, id, { role: 'MEMBER' });
    expect(await isStillAdmitted(runner)).toBe(false);
  });

  test('is told what is missing, and never its key', async ({ app }) => {
    const none = admitRunner(asRunner(app, null));
    await expect(none).rejects.toThrow(UnavailableError);
    await expect(none).rejects.toThrow(/has no key.*scope RUNNER.*RUNNER_TOKEN/);
    const { secret } = await makeKey(app, ['READ']);
    for (const token of ['nonsense', newKey('r'), secret]) {
      const refused = admitRunner(asRunner(app, token));
      await expect(refused).rejects.toThrow('RUNNER_TOKEN is no key of a runner');
      await expect(refused).rejects.not.toThrow(token);
    }
  });
});
