import type { App } from '../app.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';
import { type ItemRow, readItems } from './read.ts';

/** A dataset of so many new traces. */
async function build(app: App, name: string, count: number) {
  for (let left = count; left > 0; left -= 600) {
    const traces = Array.from({ length: Math.min(left, 600) }, () => makePayload());
    await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source: name });
  }
  const filter = { sources: [name] };
  const { id } = await buildDataset(app, { name, version: '1', filter, limit: count });
  return app.db.dataset.findUniqueOrThrow({
    where: { id },
    include: { items: { orderBy: { position: 'asc' } } },
  });
}

const itemsOf = async (app: App, datasetId: string, split: 'TRAIN' | 'TEST' | null) => {
  const items: ItemRow[] = [];
  for await (const item of readItems(app.sql, datasetId, split)) items.push(item);
  return items;
};

describe('readItems', () => {
  test('reads any number of items in order, all or one side', async ({ app }) => {
    const dataset = await build(app, 'pages', 1200);
    const all = await itemsOf(app, dataset.id, null);
    expect(all.map((item) => item.id)).toEqual(dataset.items.map((item) => item.traceId));
    expect(all[1199]).toMatchObject({ position: 1199, payload: { trace_version: '1.0' } });
    const train = await itemsOf(app, dataset.id, 'TRAIN');
    expect(train.map((item) => item.position)).toEqual(
      dataset.items.filter((item) => item.split === 'TRAIN').map((item) => item.position),
    );
  });

  test('reads nothing of a side that is empty', async ({ app }) => {
    const dataset = await build(app, 'two', 2);
    expect(await itemsOf(app, dataset.id, 'TEST')).toEqual([]);
  });
});
