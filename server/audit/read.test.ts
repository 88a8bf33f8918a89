import { randomUUID, randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { describe, expect, test } from '../test/test.ts';
import { type AuditFilter, readAuditPage } from './read.ts';

const AT = new Date('2026-03-01T10:00:00.000Z');

/** An entry some seconds after `AT`. */
const add = (app: App, seconds: number, more: object = {}) =>
  app.db.auditEntry.create({
    data: {
      id: randomUUIDv7(),
      at: new Date(AT.getTime() + seconds * 1000),
      actorKind: 'USER',
      actorName: 'ada@example.org',
      action: 'createTrace',
      outcome: 'OK',
      ...more,
    },
  });

/** The actions of every page of a filter. */
async function actionsOf(app: App, filter: AuditFilter, first = 100): Promise<string[]> {
  const actions: string[] = [];
  let after: string | undefined;
  do {
    const page = await readAuditPage(app.sql, filter, { first, after });
    actions.push(...page.rows.map(({ entry }) => entry.action));
    after = page.hasNextPage ? page.rows.at(-1)?.cursor : undefined;
  } while (after);
  return actions;
}

describe('pages of the audit log', () => {
  test('follow one another from the newest, each entry once, also among equal times', async ({
    app,
  }) => {
    const target = randomUUID();
    for (let i = 0; i < 7; i++) await add(app, Math.floor(i / 3), { action: `a${i}`, target });
    const all = await actionsOf(app, { target });
    expect(all.toSorted()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
    expect(all[0]).toBe('a6');
    expect(await actionsOf(app, { target }, 2)).toEqual(all);
  });

  test('do not move when entries are added', async ({ app }) => {
    const target = randomUUID();
    for (const second of [1, 2, 3]) await add(app, second, { action: `b${second}`, target });
    const page = await readAuditPage(app.sql, { target }, { first: 2 });
    await add(app, 4, { action: 'b4', target });
    const next = await readAuditPage(app.sql, { target }, { after: page.rows.at(-1)?.cursor });
    expect(next.rows.map(({ entry }) => entry.action)).toEqual(['b1']);
  });

  test.for([
    [{ first: 0 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'x' }, 'after: this is no cursor of this list'],
    [{ after: Buffer.from('["2026-13-01",1]').toString('base64url') }, 'after'],
  ] as const)('refuse %j', async ([page, message], { app }) => {
    await expect(readAuditPage(app.sql, {}, page)).rejects.toThrow(message);
  });
});

describe('a filter of the audit log', () => {
  const actorId = randomUUID();
  const target = randomUUID();

  test('finds what meets every condition', async ({ app }) => {
    await add(app, 10, { action: 'c1', target, actorId });
    await add(app, 11, { action: 'c2', target, actorName: 'key CI of ada@example.org' });
    await add(app, 12, { action: 'c3', target, outcome: 'FORBIDDEN', actorName: 'bob' });
    const after = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
    const cases: [AuditFilter, string[]][] = [
      [{}, ['c3', 'c2', 'c1']],
      [{ actorId }, ['c1']],
      [{ actor: 'ADA@' }, ['c2', 'c1']],
      [{ actor: 'key ci' }, ['c2']],
      [{ actor: 'a%a' }, []],
      [{ action: 'c2' }, ['c2']],
      [{ outcome: 'FORBIDDEN' }, ['c3']],
      [{ from: after(11) }, ['c3', 'c2']],
      [{ until: after(11) }, ['c1']],
      [{ from: after(11), until: after(12) }, ['c2']],
      [{ actor: 'bob', outcome: 'OK' }, []],
      [{ actor: '\0' }, []],
      [{ action: '\ud800' }, []],
    ];
    for (const [filter, actions] of cases) {
      expect(await actionsOf(app, { ...filter, target }), JSON.stringify(filter)).toEqual(actions);
    }
  });
});
