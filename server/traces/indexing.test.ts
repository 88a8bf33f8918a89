import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace, stepsOf } from '../test/traces.ts';
import { countPending, indexBacklog, startIndexing } from './indexing.ts';

const documentOf = async (app: App, id: string) => {
  const query = 'SELECT document::text FROM trace_search WHERE trace_id = $1';
  const { rows } = await app.sql.query<{ document: string }>(query, [id]);
  return rows[0]?.document ?? null;
};

const indexed = (app: App, ids: string[]) =>
  app.db.traceSearch.count({ where: { traceId: { in: ids } } });

/** Words that are all different. */
const words = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i.toString(36)}`).join(' ');

describe('indexBacklog', () => {
  test('stems the words of each part with its weight, without common words', async ({ app }) => {
    const { id } = await putTrace(app, {
      prompt: 'The trains',
      final_answer: 'fast',
      steps: stepsOf('running', 'the cars'),
    });
    await indexBacklog(app);
    expect(await documentOf(app, id)).toBe("'car':6C 'fast':3B 'run':4C 'train':2A");
  });

  test('empties the backlog, and again does nothing', async ({ app }) => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await putTrace(app)).id));
    expect(await countPending(app.sql)).toBe(3);
    await indexBacklog(app);
    expect(await indexed(app, ids)).toBe(3);
    expect(await countPending(app.sql)).toBe(0);
    await app.db.searchBacklog.create({ data: { traceIds: ids } });
    expect(await countPending(app.sql)).toBe(3);
    await indexBacklog(app);
    expect(await countPending(app.sql)).toBe(0);
  });

  test('passes over what was deleted meanwhile', async ({ app }) => {
    const gone = await putTrace(app);
    const there = await putTrace(app);
    await app.db.trace.delete({ where: { id: gone.id } });
    await app.db.searchBacklog.create({ data: { traceIds: [randomUUIDv7()] } });
    await indexBacklog(app);
    expect(await indexed(app, [gone.id, there.id])).toBe(1);
    expect(await countPending(app.sql)).toBe(0);
  });

  test('indexes a trace of 1000 steps of 20 000 characters', async ({ app }) => {
    const steps = stepsOf(...Array.from({ length: 1000 }, (_, i) => words(2800, `s${i}x`)));
    expect(steps[0]?.content.length).toBeLessThan(20_000);
    expect(steps[0]?.content.length).toBeGreaterThan(15_000);
    const { id } = await putTrace(app, { prompt: 'findable giant', steps });
    await indexBacklog(app);
    const document = await documentOf(app, id);
    expect(document).toContain("'giant':");
    expect(document).toContain("'s0x0':");
    expect(await countPending(app.sql)).toBe(0);
  });

  test('indexes a word of 20 000 characters, and many of the same', async ({ app }) => {
    const steps = stepsOf('x'.repeat(20_000), 'again '.repeat(3000), 'last');
    const { id } = await putTrace(app, { prompt: 'long word', steps });
    await indexBacklog(app);
    expect(await documentOf(app, id)).toMatch(/'last':.*'long':1A/);
  });

  test('indexes compounds of rare letters, which take the most room', async ({ app }) => {
    const letter = (at: number) => String.fromCodePoint(0x20000 + at);
    const compound = (at: number) =>
      `${letter(at % 4001)}${letter(at % 3001)}-${letter(at % 2003)}`;
    const compounds = (from: number) =>
      Array.from({ length: 3990 }, (_, i) => compound(from + i)).join(' ');
    const steps = stepsOf(...Array.from({ length: 10 }, (_, i) => compounds(i * 3990)));
    const { id } = await putTrace(app, { prompt: 'compounds', steps });
    await indexBacklog(app);
    expect(await documentOf(app, id)).toContain("'compound':1A");
  });

  test('indexes what stands beside a trace that is too large', async ({ app }) => {
    const giant = stepsOf(...Array.from({ length: 60 }, (_, i) => words(2800, `g${i}x`)));
    const rows = [
      await putTrace(app, { prompt: 'small one' }),
      await putTrace(app, { prompt: 'giant', steps: giant }),
      await putTrace(app, { prompt: 'small two' }),
    ];
    const ids = rows.map(({ id }) => id);
    await app.db.searchBacklog.deleteMany();
    await app.db.searchBacklog.create({ data: { traceIds: ids } });
    await indexBacklog(app);
    expect(await indexed(app, ids)).toBe(3);
  });

  test('loses nothing when it is cut off in the middle', async ({ app }) => {
    const { id } = await putTrace(app);
    const client = await app.sql.connect();
    await client.query('BEGIN');
    await client.query('DELETE FROM search_backlog');
    // What another process has in hand is left to it, until that process is gone.
    await indexBacklog(app);
    expect(await indexed(app, [id])).toBe(0);
    client.release(new Error('gone'));
    await until(async () => {
      await indexBacklog(app);
      return (await indexed(app, [id])) === 1;
    });
    expect(await countPending(app.sql)).toBe(0);
  });

  test('is done once by many at the same time', async ({ app }) => {
    const ids = await Promise.all(Array.from({ length: 30 }, async () => (await putTrace(app)).id));
    // The same traces in two rows, in opposite orders.
    await app.db.searchBacklog.create({ data: { traceIds: ids } });
    await app.db.searchBacklog.create({ data: { traceIds: ids.toReversed() } });
    await Promise.all([1, 2, 3, 4].map(() => indexBacklog(app)));
    expect(await indexed(app, ids)).toBe(30);
    expect(await countPending(app.sql)).toBe(0);
  });

  test('takes what was stored singly in one transaction', async ({ app }) => {
    const ids: string[] = [];
    for (let count = 0; count < 20; count++) ids.push((await putTrace(app)).id);
    await indexBacklog(app);
    const { rows } = await app.sql.query(
      `SELECT count(*), count(DISTINCT xmin::text) AS transactions FROM trace_search
       WHERE trace_id = ANY($1::uuid[])`,
      [ids],
    );
    expect(rows).toEqual([{ count: 20, transactions: 1 }]);
  });

  test('does not stop at a row that fails', async ({ app }) => {
    const bad = await putTrace(app, { prompt: 'bad' });
    await app.db.trace.update({ where: { id: bad.id }, data: { payload: { steps: 'no list' } } });
    const good = await putTrace(app, { prompt: 'good' });
    await indexBacklog(app);
    expect(await indexed(app, [good.id])).toBe(1);
    expect(await countPending(app.sql)).toBe(1);
    await app.db.trace.delete({ where: { id: bad.id } });
    await indexBacklog(app);
    expect(await countPending(app.sql)).toBe(0);
  });
});

describe('startIndexing', () => {
  test('indexes what was left, and what comes in at a ring', async ({ app }) => {
    const left = await putTrace(app);
    const indexing = startIndexing(app);
    try {
      await until(async () => (await indexed(app, [left.id])) === 1);
      const fresh = await putTrace(app);
      app.bell.ring('traces');
      await until(async () => (await indexed(app, [fresh.id])) === 1);
    } finally {
      await indexing.stop();
    }
  });
});
