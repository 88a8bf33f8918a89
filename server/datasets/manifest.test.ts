import type { App } from '../app.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';
import { manifestHead, readManifest, writeManifest } from './manifest.ts';

async function build(app: App, input: Partial<Parameters<typeof buildDataset>[1]> = {}) {
  const { id } = await buildDataset(app, { name: 'made', version: crypto.randomUUID(), ...input });
  return read(app, id);
}

const read = (app: App, id: string) =>
  app.db.dataset.findUniqueOrThrow({
    where: { id },
    include: { parent: true, items: { orderBy: { position: 'asc' }, include: { trace: true } } },
  });

const textOf = async (app: App, dataset: Parameters<typeof writeManifest>[1]) => {
  let text = '';
  for await (const part of writeManifest(app.sql, dataset)) text += part;
  return text;
};

const store = (app: App, source: string, count: number) =>
  createTraces(app, {
    traces: Array.from({ length: count }, () => makePayload()),
    mode: 'ALL_OR_NOTHING',
    source,
  });

describe('a manifest', () => {
  test('says all that the dataset is made of', async ({ app }) => {
    await store(app, 'whole', 12);
    const parent = await build(app);
    const dataset = await build(app, {
      name: 'whole',
      version: '1',
      filter: { sources: ['whole'] },
      strategy: 'RANDOM',
      seed: 4,
      limit: 10,
      parentKey: parent.key,
      provenance: { source: 'a notebook', session_id: 's-1', training_run_id: 7 },
    });
    const manifest = JSON.parse(await textOf(app, dataset));
    const createdAt = dataset.createdAt.toISOString();
    const stats = dataset.stats as Record<string, number>;
    expect(manifest).toEqual({
      dataset_key: 'whole-1',
      build_id: dataset.id,
      dataset_name: 'whole',
      dataset_version: '1',
      dataset_schema_version: '1.0',
      created_at: createdAt,
      content_hash: dataset.contentHash,
      filters: { sources: ['whole'] },
      selection_strategy: 'random',
      limit: 10,
      seed: 4,
      split: { train: 0.8, eval: 0.1, test: 0.1 },
      exclude: [],
      trace_count: 10,
      split_counts: {
        train: dataset.trainCount,
        eval: dataset.evalCount,
        test: dataset.testCount,
      },
      stats: {
        trace_count: 10,
        avg_step_count: 1,
        min_step_count: 1,
        max_step_count: 1,
        avg_total_chars: stats.avgTotalChars,
      },
      session_id: 's-1',
      parent_dataset_id: parent.key,
      training_run_id: null,
      provenance: {
        schema_version: '1.0',
        source: 'a notebook',
        build_timestamp: createdAt,
        trace_count: 10,
        selection_strategy: 'random',
        seed: 4,
        session_id: 's-1',
        training_run_id: 7,
      },
      trace_ids: dataset.items.map(({ traceId }) => traceId),
      items: dataset.items.map(({ traceId, split, trace }) => ({
        trace_id: traceId,
        content_hash: trace.contentHash,
        split: split.toLowerCase(),
      })),
    });
    expect(await readManifest(app.sql, dataset)).toEqual(manifest);
  });

  test('has the same bytes each time, one line for each item', async ({ app }) => {
    await store(app, 'bytes', 30);
    const dataset = await build(app, { filter: { sources: ['bytes'] } });
    const text = await textOf(app, dataset);
    expect(await textOf(app, dataset)).toBe(text);
    expect(text.split('\n').filter((line) => line.includes('"content_hash":"')).length).toBe(30);
    expect(text.endsWith('\n  ]\n}\n')).toBe(true);
  });

  test('without a seed in its recipe has none in its provenance', async ({ app }) => {
    await store(app, 'plain', 1);
    const head = manifestHead(await build(app, { filter: { sources: ['plain'] } }));
    expect(head).toMatchObject({ seed: null, parent_dataset_id: null, session_id: null });
    expect(Object.keys(head.provenance)).toEqual([
      'schema_version',
      'source',
      'build_timestamp',
      'trace_count',
      'selection_strategy',
    ]);
  });

  test('of very many items is read whole as a file, and without its lists as a value', async ({
    app,
  }) => {
    await store(app, 'file', 2);
    const dataset = await build(app, { filter: { sources: ['file'] } });
    const large = { ...dataset, itemCount: 10_001 };
    const value = await readManifest(app.sql, large);
    expect(value).toMatchObject({ trace_count: 10_001, trace_ids: null, items: null });
    expect(JSON.parse(await textOf(app, large)).items.length).toBe(2);
  });
});
