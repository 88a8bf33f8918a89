import type { App } from '../app.ts';
import { cookieHeader, keyHeader, makeKey, makeUser, withAccess } from '../test/access.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { LOCAL } from './actor.ts';
import { revokeApiKey } from './keys.ts';
import { endSession } from './sessions.ts';
import { changeUser } from './users.ts';

describe('watch', () => {
  /** Something open for somebody, and what ends it. */
  const ENDS: Record<
    string,
    (app: App) => Promise<{ headers: Record<string, string>; end(): Promise<unknown> }>
  > = {
    'signing out': async (app) => {
      const { id } = await makeUser(app);
      const headers = await cookieHeader(app, id);
      const { id: sessionId } = await app.db.session.findFirstOrThrow({ where: { userId: id } });
      return { headers, end: () => endSession(app, sessionId) };
    },
    'the end of a session': async (app) => {
      const { id } = await makeUser(app);
      const text = 'UPDATE sessions SET expires_at = now() WHERE user_id = $1';
      return { headers: await cookieHeader(app, id), end: () => app.sql.query(text, [id]) };
    },
    'disabling the user': async (app) => {
      await makeUser(app, 'ADMIN');
      const { id } = await makeUser(app);
      const headers = await cookieHeader(app, id);
      return { headers, end: () => changeUser(app, id, { disabled: true }) };
    },
    'revoking the key': async (app) => {
      const { id, secret } = await makeKey(app, ['READ']);
      const headers = { authorization: `Bearer ${secret}` };
      return { headers, end: () => revokeApiKey(app, id, LOCAL) };
    },
    'the end of the key': async (app) => {
      const { id, secret } = await makeKey(app, ['READ']);
      const text = 'UPDATE api_keys SET expires_at = now() WHERE id = $1';
      const headers = { authorization: `Bearer ${secret}` };
      return { headers, end: () => app.sql.query(text, [id]) };
    },
    'disabling the owner of the key': async (app) => {
      await makeUser(app, 'ADMIN');
      const { id } = await makeUser(app);
      const headers = await keyHeader(app, ['READ'], id);
      return { headers, end: () => changeUser(app, id, { disabled: true }) };
    },
  };

  test.for(Object.keys(ENDS))('is told of %s, once', async (name, { app: base }) => {
    const app = withAccess(base);
    const other = await app.access.authenticate({ headers: await keyHeader(app, ['READ']) });
    const { headers, end } = (await ENDS[name]?.(app)) ?? expect.unreachable();
    const actor = await app.access.authenticate({ headers });
    const lost: string[] = [];
    const stops = [
      app.access.watch(actor, () => lost.push('one')),
      app.access.watch(actor, () => lost.push('two')),
      app.access.watch(other, () => lost.push('other')),
    ];
    await end();
    // What rings no bell is seen at the next look, two seconds later.
    await until(async () => lost.length === 2);
    expect(lost).toEqual(['one', 'two']);
    for (const stop of stops) stop();
    await until(async () => base.bell.listeners === 0);
  });

  test.for([
    ['somebody', (app: App, id: string) => cookieHeader(app, id)],
    ['a key of somebody', (app: App, id: string) => keyHeader(app, ['READ', 'TRACES_WRITE'], id)],
  ] as const)(
    'is told when %s may no more what is done, and of nothing else',
    async ([, show], { app: base }) => {
      const app = withAccess(base);
      const { id } = await makeUser(app, 'ADMIN');
      await makeUser(app, 'ADMIN');
      const actor = await app.access.authenticate({ headers: await show(app, id) });
      const lost: string[] = [];
      const stops = (['TRACES_WRITE', 'READ', null] as const).map((scope) =>
        app.access.watch(actor, () => lost.push(String(scope)), scope),
      );
      // Seen by a look that came after it: what is ended here is watched since.
      const other = await makeKey(app, ['READ']);
      const looked = async () => {
        const headers = { authorization: `Bearer ${other.secret}` };
        const seen: string[] = [];
        const watched = await app.access.authenticate({ headers });
        app.access.watch(watched, () => seen.push('seen'));
        await revokeApiKey(app, other.id, LOCAL);
        await until(async () => seen.length === 1);
      };
      await changeUser(app, id, { role: 'MEMBER' });
      await looked();
      expect(lost).toEqual([]);
      await changeUser(app, id, { role: 'VIEWER' });
      await until(async () => lost.length > 0);
      expect(lost).toEqual(['TRACES_WRITE']);
      for (const stop of stops) stop();
      await until(async () => base.bell.listeners === 0);
    },
  );

  test('has nothing to look at for whoever shows nothing', async ({ app }) => {
    app.access.watch(LOCAL, () => expect.unreachable());
    expect(app.bell.listeners).toBe(0);
  });

  test('goes on when what was lost is let go only later', async ({ app: base }) => {
    const app = withAccess(base);
    const lost: string[] = [];
    const watched = async () => {
      const { id, secret } = await makeKey(app, ['READ']);
      const headers = { authorization: `Bearer ${secret}` };
      const actor = await app.access.authenticate({ headers });
      return { id, stop: app.access.watch(actor, () => lost.push(id)) };
    };
    const first = await watched();
    await revokeApiKey(app, first.id, LOCAL);
    await until(async () => lost.length === 1);
    const second = await watched();
    first.stop();
    await revokeApiKey(app, second.id, LOCAL);
    await until(async () => lost.length === 2);
    second.stop();
    await until(async () => base.bell.listeners === 0);
  });
});
