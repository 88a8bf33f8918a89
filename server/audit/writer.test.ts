import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { ANONYMOUS, LOCAL } from '../access/actor.ts';
import { describe, expect, test } from '../test/test.ts';
import { type AuditRecord, openAuditWriter, STRANGER_PER_MINUTE } from './writer.ts';

const call = { requestId: 'r-1', address: '127.0.0.1', client: 'test' };

const entry = (more: Partial<AuditRecord> = {}): AuditRecord => ({
  actor: LOCAL,
  call,
  action: 'createTrace',
  target: null,
  outcome: 'OK',
  detail: {},
  ...more,
});

describe('the audit writer', () => {
  test('has stored an entry when it resolves', async ({ app }) => {
    const actor = { ...LOCAL, kind: 'USER' as const, id: randomUUID(), name: 'ada@example.org' };
    await app.audit.record(entry({ actor, action: 'one', target: 'x', detail: { ids: ['a'] } }));
    expect(await app.db.auditEntry.findMany({ where: { action: 'one' } })).toMatchObject([
      {
        at: expect.any(Date),
        actorKind: 'USER',
        actorId: actor.id,
        actorName: 'ada@example.org',
        action: 'one',
        target: 'x',
        outcome: 'OK',
        detail: { ids: ['a'] },
        requestId: 'r-1',
        address: '127.0.0.1',
        client: 'test',
      },
    ]);
  });

  test('stores what comes at once with one statement', async ({ app }) => {
    let statements = 0;
    const sql = {
      query: (...args: [string, unknown[]]) => {
        statements++;
        return app.sql.query(...args);
      },
    } as Pick<Pool, 'query'>;
    const writer = openAuditWriter(sql);
    const actions = Array.from({ length: 100 }, (_, index) => `many ${index}`);
    await Promise.all(actions.map((action) => writer.record(entry({ action }))));
    expect(statements).toBe(1);
    const stored = await app.db.auditEntry.findMany({ where: { action: { startsWith: 'many ' } } });
    expect(stored.map(({ action }) => action).toSorted()).toEqual(actions.toSorted());
  });

  test('cuts what is too long and replaces what cannot be stored', async ({ app }) => {
    const long = 'ü'.repeat(300);
    await app.audit.record(
      entry({
        actor: { ...ANONYMOUS, name: long },
        call: { requestId: long, address: long, client: 'a\0b\ud800' },
        action: 'cut',
        target: long,
        outcome: long,
        detail: { name: 'a\0b\ud800' },
      }),
    );
    expect(await app.db.auditEntry.findMany({ where: { action: 'cut' } })).toMatchObject([
      {
        actorName: 'ü'.repeat(160),
        requestId: 'ü'.repeat(64),
        address: 'ü'.repeat(64),
        client: 'a\uFFFDb\uFFFD',
        target: 'ü'.repeat(255),
        outcome: 'ü'.repeat(64),
        detail: { name: 'a\uFFFDb\uFFFD' },
      },
    ]);
  });

  test('keeps a stranger who is refused from filling it, and nobody else', async ({ app }) => {
    const writer = openAuditWriter(app.sql);
    const often = (more: Partial<AuditRecord>) =>
      Promise.all(Array.from({ length: 100 }, () => writer.record(entry(more))));
    const refused = { actor: ANONYMOUS, outcome: 'UNAUTHENTICATED' };
    await often({ ...refused, action: 'knock' });
    await often({ ...refused, action: 'elsewhere', call: { ...call, address: '192.0.2.7' } });
    await often({ actor: ANONYMOUS, outcome: 'WRONG_CREDENTIALS', action: 'guess' });
    await often({ actor: LOCAL, outcome: 'FORBIDDEN', action: 'member' });
    const counts = await app.db.auditEntry.groupBy({
      by: ['action'],
      where: { action: { in: ['knock', 'elsewhere', 'guess', 'member'] } },
      orderBy: { action: 'asc' },
      _count: true,
    });
    expect(counts).toEqual([
      { action: 'elsewhere', _count: STRANGER_PER_MINUTE },
      { action: 'guess', _count: 100 },
      { action: 'knock', _count: STRANGER_PER_MINUTE },
      { action: 'member', _count: 100 },
    ]);
  });

  test('says so when it cannot store', async () => {
    const sql = { query: async () => Promise.reject(new Error('away')) };
    const writer = openAuditWriter(sql as unknown as Pick<Pool, 'query'>);
    await expect(writer.record(entry())).rejects.toThrow('away');
  });
});

describe('an audit entry', () => {
  test.for([
    "UPDATE audit_entries SET outcome = 'OK'",
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
  ])('outlives %s', async (statement, { app }) => {
    await app.audit.record(entry({ action: 'kept', outcome: 'FORBIDDEN' }));
    const before = await app.db.auditEntry.count();
    await expect(app.sql.query(statement)).rejects.toThrow('audit entries are only ever added');
    expect(await app.db.auditEntry.count()).toBe(before);
  });
});
