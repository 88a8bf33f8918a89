import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace, stepsOf } from '../test/traces.ts';
import { TraceFilter } from './filter.ts';
import { indexBacklog } from './indexing.ts';
import { RANKED_HITS, readTracePage } from './read.ts';

/** Prompts of what a text finds, best first. */
const search = async (app: App, text: string, source: string) => {
  const filter = parse(TraceFilter, { text, sources: [source] });
  const { rows } = await readTracePage(app.sql, filter, { orderBy: { by: 'RELEVANCE' } });
  const found = await app.db.trace.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  return rows.map(({ id }) => found.find((row) => row.id === id)?.promptPreview);
};

const store = async (app: App, source: string, ...traces: Parameters<typeof putTrace>[1][]) => {
  for (const trace of traces) await putTrace(app, trace, { source });
  await indexBacklog(app);
};

const TRAVEL = [
  { prompt: 'one', steps: stepsOf('A train reaches its speed.', 'Then a bus.') },
  { prompt: 'two', steps: stepsOf('A train.', 'What speed?') },
  { prompt: 'three', steps: stepsOf('Only a bus.') },
  { prompt: 'four', final_answer: 'high-speed line' },
];

describe('a text', () => {
  test.for([
    ['train', ['one', 'two']],
    ['TRAINS', ['one', 'two']],
    ['train speed', ['one', 'two']],
    ['"train reaches"', ['one']],
    ['"reaches train"', []],
    ['"a train" bus', ['one']],
    ['train -bus', ['two']],
    ['train or bus', ['one', 'three', 'two']],
    ['bus -"train reaches"', ['three']],
    ['-train', ['four', 'three']],
    ['high-speed', ['four']],
    ['the', []],
    ['nosuchword', []],
  ] as const)('%s finds what it says', async ([text, found], { app }) => {
    const source = `said ${text}`;
    await store(app, source, ...TRAVEL);
    expect((await search(app, text, source)).toSorted()).toEqual(found);
  });

  test.for([
    '"',
    '"open',
    '\\',
    "'",
    "''; DROP TABLE traces; --",
    ':* & | ! <-> ( )',
    '<script>alert(1)</script>',
    '%_',
    '-',
    '- - "" or or',
    '\u{1F600}',
    '\uE000hit\uE001',
    '\u0001',
    'x'.repeat(1000),
    '("'.repeat(500),
  ])('%j is a question, not an error', async (text, { app }) => {
    await store(app, 'hostile', { prompt: `harmless ${Math.random()}` });
    await expect(search(app, text, 'hostile')).resolves.toEqual(expect.any(Array));
  });

  test('finds words between a less and a greater sign', async ({ app }) => {
    const steps = stepsOf('if x <y and zebra> w, then <think>quagga</think>');
    await store(app, 'signs', { prompt: 'sign', steps });
    expect(await search(app, 'zebra quagga think', 'signs')).toEqual(['sign']);
  });

  test('counts most in the prompt, then in the answer, then in steps', async ({ app }) => {
    await store(
      app,
      'weights',
      { prompt: 'in a step', steps: stepsOf('okapi') },
      { prompt: 'in the answer', final_answer: 'okapi' },
      { prompt: 'okapi' },
    );
    expect(await search(app, 'okapi', 'weights')).toEqual(['okapi', 'in the answer', 'in a step']);
  });
});

test('RELEVANCE ranks the newest hits only, so that a common word stays cheap', async ({ app }) => {
  const source = 'crowd';
  await app.sql.query(
    `WITH stored AS (
       INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview,
         answer_preview, step_count, total_chars, baseline_score, source, payload, created_at)
       SELECT gen_random_uuid(), hash, hash, '1.0', i::text, '', 1, 1, 0, $2, '{}',
         timestamptz '2026-01-01' + i * interval '1 s'
       FROM generate_series(0, $1::int) AS i, encode(sha256(i::text::bytea), 'hex') AS hash
       RETURNING id, created_at, prompt_preview)
     INSERT INTO trace_search (trace_id, created_at, document)
     SELECT id, created_at, setweight('common:1'::tsvector,
       CASE prompt_preview WHEN '0' THEN 'A'::"char" WHEN '1' THEN 'B' ELSE 'C' END) FROM stored`,
    [RANKED_HITS, source],
  );
  // The oldest would be best; it is one more than are ranked.
  expect((await search(app, 'common', source))[0]).toBe('1');
});
