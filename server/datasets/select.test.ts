import type { App } from '../app.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { countMatching } from './select.ts';

const storeMeta = async (app: App, source: string, metas: object[]) => {
  const traces = metas.map((meta) => makePayload({ meta }));
  await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source });
};

describe('a filter by meta', () => {
  test.for([
    [{ kind: 'a' }, 2],
    [{ kind: 'a', level: 1 }, 1],
    [{ level: 1.0 }, 2],
    [{ list: [1] }, 0],
    [{ list: [1, 2] }, 1],
    [{ list: [2, 1] }, 0],
    [{ deep: { x: 1 } }, 0],
    [{ deep: { y: 2, x: 1 } }, 1],
    [{ none: null }, 1],
    [{ kind: null }, 0],
    [{ missing: 'x' }, 0],
    [{}, 5],
    [null, 5],
  ] as const)('%j is equality on top-level keys', async ([meta, count], { app }) => {
    const source = `meta ${JSON.stringify(meta)}`;
    await storeMeta(app, source, [
      { kind: 'a', level: 1 },
      { kind: 'a', level: 2, list: [1, 2] },
      { kind: 'b', level: 1, deep: { x: 1, y: 2 } },
      { none: null },
    ]);
    await createTraces(app, { traces: [makePayload({ meta: null })], mode: 'PER_ITEM', source });
    const filter = { source, meta };
    expect(await countMatching(app.sql, filter as Parameters<typeof countMatching>[1])).toBe(count);
  });
});
