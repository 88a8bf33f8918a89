import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { describe } from 'vitest';
import { readConfig } from '../config.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { expect, test } from '../test/test.ts';
import { readStorage, retentionOf, STORAGE_KINDS } from './read.ts';

const QUERY = `{ storage { totalBytes parts {
  kind name bytes rows oldestAt retentionDays setting } } }`;

describe('what is stored', () => {
  test('is told for every kind, and adds up to the database and the files', async ({ app }) => {
    const dataset = await makeDataset(app);
    const { id: runId } = await makeRun(app, dataset.id);
    const { id: later } = await makeRun(app, dataset.id);
    const chunk = (data: Buffer<ArrayBuffer>, over: object) => ({
      ...{ runId, firstSeq: 1, lastSeq: 1, attempt: 1, stream: 'STDOUT' as const },
      ...{ data, bytes: data.length, ...over },
    });
    const createdAt = new Date('2026-01-02T03:04:05Z');
    await app.db.logChunk.createMany({
      data: [
        chunk(randomBytes(10), { runId: later }),
        chunk(randomBytes(200_000), { createdAt }),
        chunk(randomBytes(10), { firstSeq: 2, lastSeq: 2 }),
      ],
    });
    const shared = randomBytes(32).toString('hex');
    const file = (path: string, over: object) => ({
      id: randomUUIDv7(),
      runId,
      attempt: 1,
      kind: 'EXPORT' as const,
      path,
      size: 1000n,
      sha256: randomBytes(32).toString('hex'),
      ...over,
    });
    await app.db.artifact.createMany({
      data: [
        file('a', { size: 10n }),
        file('b', { size: 700n, kind: 'CHECKPOINT', step: 1 }),
        file('gone', { size: 5000n, kind: 'CHECKPOINT', step: 2, deletedAt: new Date() }),
        file('c', { sha256: shared }),
        file('d', { sha256: shared, kind: 'CHECKPOINT', step: 1 }),
      ],
    });
    const parts = await readStorage(app.sql);
    expect(parts.map(({ kind }) => kind)).toEqual([...STORAGE_KINDS]);
    const of = (kind: string) => parts.find((part) => part.kind === kind);
    expect(of('ARTIFACTS')).toMatchObject({ bytes: 1010, rows: 3 });
    expect(of('CHECKPOINTS')).toMatchObject({ bytes: 700, rows: 1 });
    expect(of('LOGS')?.bytes).toBeGreaterThan(200_000);
    expect(of('LOGS')?.oldestAt).toEqual(createdAt);
    expect(of('METRICS')?.oldestAt).toBeNull();
    expect(of('TRACES')?.oldestAt).toBeInstanceOf(Date);
    const { rows } = await app.sql.query<{ bytes: number }>(
      'SELECT pg_database_size(current_database())::float8 AS bytes',
    );
    const inDatabase = parts
      .filter(({ kind }) => kind !== 'ARTIFACTS' && kind !== 'CHECKPOINTS')
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(Math.abs(inDatabase - (rows[0]?.bytes ?? 0))).toBeLessThan(1_000_000);
  });

  test('is told by the API with the setting that keeps it', async ({ app }) => {
    const logs = { ...app.config.logs, retentionDays: 30 };
    await using server = await openServer({ ...app, config: { ...app.config, logs } });
    const { data, errors } = await server.ask(QUERY);
    expect(errors).toBeUndefined();
    type Part = {
      kind: string;
      bytes: number;
      setting: string | null;
      retentionDays: number | null;
    };
    const { storage } = data as { storage: { totalBytes: number; parts: Part[] } };
    const of = (kind: string) => storage.parts.find((part) => part.kind === kind);
    expect(of('LOGS')).toMatchObject({ setting: 'LOG_RETENTION_DAYS', retentionDays: 30 });
    expect(of('EVENTS')).toMatchObject({ setting: 'EVENT_RETENTION_DAYS', retentionDays: null });
    expect(of('TRACES')).toMatchObject({ setting: null, retentionDays: null });
    expect(Number(storage.totalBytes)).toBe(
      storage.parts.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    );
  });
});

test('every setting that is named is one', () => {
  const config = readConfig({});
  for (const kind of STORAGE_KINDS) {
    const setting = retentionOf(kind, config)?.setting;
    if (setting) expect(() => readConfig({ [setting]: '-1' })).toThrow(setting);
  }
});
