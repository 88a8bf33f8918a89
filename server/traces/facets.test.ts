import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace } from '../test/traces.ts';
import { COUNTED_TRACES, readFacets } from './facets.ts';
import { TraceFilter } from './filter.ts';
import { indexBacklog } from './indexing.ts';

const facets = (app: App, filter: object) => readFacets(app.sql, parse(TraceFilter, filter));

describe('readFacets', () => {
  test('counts sources, tags, versions and steps under the filter', async ({ app }) => {
    const rows = [
      { source: 'a', tags: ['x', 'y'], stepCount: 1 },
      { source: 'a', tags: ['x'], stepCount: 2, traceVersion: '2.0' },
      { source: 'b', tags: [], stepCount: 5 },
      { source: null, tags: ['x'], stepCount: 101 },
    ];
    for (const columns of rows)
      await putTrace(app, { prompt: `facet ${columns.stepCount}` }, columns);
    await indexBacklog(app);
    expect(await facets(app, {})).toEqual({
      sources: [
        { value: 'a', count: 2 },
        { value: 'b', count: 1 },
      ],
      tags: [
        { value: 'x', count: 3 },
        { value: 'y', count: 1 },
      ],
      versions: [
        { value: '1.0', count: 3 },
        { value: '2.0', count: 1 },
      ],
      steps: [
        { value: '1', count: 1 },
        { value: '2', count: 1 },
        { value: '3-5', count: 1 },
        { value: '101-1000', count: 1 },
      ],
      counted: 4,
      exact: true,
    });
    expect(await facets(app, { tags: ['y'] })).toMatchObject({
      sources: [{ value: 'a', count: 1 }],
      steps: [{ value: '1', count: 1 }],
      counted: 1,
    });
    expect(await facets(app, { text: '"facet 5"' })).toMatchObject({
      sources: [{ value: 'b', count: 1 }],
      tags: [],
    });
  });

  test('offers what else could be chosen of sources, versions and steps', async ({ app }) => {
    const rows = [
      { source: 'a', tags: ['choice', 'x'], stepCount: 1, traceVersion: '1.0' },
      { source: 'b', tags: ['choice', 'x', 'y'], stepCount: 1, traceVersion: '2.0' },
      { source: 'b', tags: ['choice', 'y'], stepCount: 7, traceVersion: '1.0' },
    ];
    for (const columns of rows) await putTrace(app, {}, columns);
    const among = (filter: object) => facets(app, { tags: ['choice'], ...filter });
    const [a, b] = [
      { value: 'a', count: 1 },
      { value: 'b', count: 1 },
    ];
    expect(await among({ sources: ['a'] })).toMatchObject({
      sources: [{ value: 'b', count: 2 }, a],
      tags: [
        { value: 'choice', count: 1 },
        { value: 'x', count: 1 },
      ],
      versions: [{ value: '1.0', count: 1 }],
      counted: 1,
      exact: true,
    });
    // Each is free of its own condition only.
    expect(
      await among({ sources: ['a'], versions: ['1.0'], steps: { min: 1, max: 1 } }),
    ).toMatchObject({
      sources: [a],
      versions: [{ value: '1.0', count: 1 }],
      steps: [{ value: '1', count: 1 }],
      counted: 1,
    });
    expect(await among({ versions: ['1.0'], steps: { min: 6 } })).toMatchObject({
      sources: [b],
      versions: [{ value: '1.0', count: 1 }],
      steps: [
        { value: '1', count: 1 },
        { value: '6-10', count: 1 },
      ],
    });
    // Of tags all must hold, so only those that stand beside the chosen ones are of use.
    expect(await among({ tags: ['choice', 'x', 'y'] })).toMatchObject({
      tags: [
        { value: 'choice', count: 1 },
        { value: 'x', count: 1 },
        { value: 'y', count: 1 },
      ],
    });
  });

  test('is empty where nothing matches', async ({ app }) => {
    expect(await facets(app, { tags: ['none'] })).toEqual({
      sources: [],
      tags: [],
      versions: [],
      steps: [],
      counted: 0,
      exact: true,
    });
  });

  test('shows the 20 most frequent', async ({ app }) => {
    for (let i = 0; i < 22; i++) await putTrace(app, {}, { source: `many ${i}`, tags: ['many'] });
    await putTrace(app, {}, { source: 'many 7', tags: ['many'] });
    const { sources } = await facets(app, { tags: ['many'] });
    expect(sources.length).toBe(20);
    expect(sources[0]).toEqual({ value: 'many 7', count: 2 });
  });

  test('says so when it counts the newest only', async ({ app }) => {
    await app.sql.query(
      `INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview,
         answer_preview, step_count, total_chars, baseline_score, source, tags, payload, created_at)
       SELECT gen_random_uuid(), hash, hash, '1.0', '', '', 1, 1, 0,
         CASE WHEN i <= 5 THEN 'oldest' ELSE 'newer' END, '{counted}', '{}', timestamptz '2026-01-01' + i * interval '1 s'
       FROM generate_series(1, $1::int) AS i, encode(sha256(i::text::bytea), 'hex') AS hash`,
      [COUNTED_TRACES + 5],
    );
    const { sources, counted, exact } = await facets(app, { tags: ['counted'] });
    expect(sources).toEqual([{ value: 'newer', count: COUNTED_TRACES }]);
    expect({ counted, exact }).toEqual({ counted: COUNTED_TRACES, exact: false });
  });
});
