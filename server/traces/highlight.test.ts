import type { App } from '../app.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace, stepsOf } from '../test/traces.ts';
import { cut, type HighlightPart, readHighlights } from './highlight.ts';
import { indexBacklog } from './indexing.ts';

const highlight = async (app: App, trace: Parameters<typeof putTrace>[1], text: string) => {
  const { id } = await putTrace(app, trace);
  await indexBacklog(app);
  return (await readHighlights(app.sql, text, [id])).get(id);
};

/** Parts as one text, hits in brackets. */
const shown = (parts: HighlightPart[] = []) =>
  parts.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('');

const lengthOf = (parts: HighlightPart[] = []) =>
  parts.reduce((sum, { text }) => sum + Array.from(text).length, 0);

describe('a highlight', () => {
  test.for<[object, string, string, string]>([
    [{ prompt: 'Two trains meet.' }, 'train', 'PROMPT', 'Two [trains] meet.'],
    [{ final_answer: 'the 9:15 train' }, 'train', 'ANSWER', 'the 9:15 [train]'],
    [{ steps: stepsOf('no', 'a train') }, 'train', 'STEPS', 'no\na [train]'],
    [{ prompt: 'train', final_answer: 'train' }, 'train', 'PROMPT', '[train]'],
    [{ prompt: 'a train at speed' }, '"train at speed" or x', 'PROMPT', 'a [train] at [speed]'],
    [{ prompt: 'train', steps: stepsOf('bus') }, 'train bus', 'PROMPT', '[train]'],
    [{ prompt: 'a train, no bus here' }, 'train -plane', 'PROMPT', 'a [train], no bus here'],
  ])('of %j for %s stands in the %s', async ([trace, text, where, expected], { app }) => {
    const found = await highlight(app, trace, text);
    expect(found?.where).toBe(where);
    expect(shown(found?.parts)).toBe(expected);
    expect(found?.rank).toBeGreaterThan(0);
  });

  test.for([
    ['<b>train</b> & <script>alert("x")</script>', '<b>[train]</b> & <script>alert("x")</script>'],
    ['if x <y and a train> w', 'if x <y and a [train]> w'],
    ['&lt;train&gt; &amp;', '&lt;[train]&gt; &amp;'],
    ['\uE000fake\uE001 train \uE001\uE000', 'fake [train] '],
    ['\u0001 train', ' [train]'],
    ['😀 train 😀', '😀 [train] 😀'],
    ['StartSel=<b> train, "quoted"', 'StartSel=<b> [train], "quoted"'],
    ['see http://x.org/train?a=1&b=2 train', 'see http://x.org/train?a=1&b=2 [train]'],
  ] as const)('leaves %j as it is', async ([prompt, expected], { app }) => {
    expect(shown((await highlight(app, { prompt }, 'train'))?.parts)).toBe(expected);
  });

  test('is found far inside a long text, and is at most 300 characters', async ({ app }) => {
    const prompt = `${'word '.repeat(5000)}needle ${'word '.repeat(1000)}`;
    const found = await highlight(app, { prompt }, 'needle');
    expect(shown(found?.parts)).toMatch(/^(word )+\[needle\] (word ?)+$/);
    expect(lengthOf(found?.parts)).toBeLessThanOrEqual(300);
  });

  test('begins a little before the hit where the words before are long', async ({ app }) => {
    const found = await highlight(app, { prompt: `${'x'.repeat(1500)} needle` }, 'needle');
    expect(shown(found?.parts)).toBe(`${'x'.repeat(79)} [needle]`);
  });

  test.for(['-bus', 'the or -bus'])(
    'of only %s shows the beginning of the prompt',
    async (text, { app }) => {
      const found = await highlight(app, { prompt: 'plain beginning' }, text);
      expect(found).toMatchObject({
        where: 'PROMPT',
        parts: [{ text: 'plain beginning', hit: false }],
      });
    },
  );

  test('is none for a trace that is not searchable yet', async ({ app }) => {
    const { id } = await putTrace(app, { prompt: 'needle' });
    expect(await readHighlights(app.sql, 'needle', [id])).toEqual(new Map());
  });
});

describe('cut', () => {
  const part = (text: string, hit = false) => ({ text, hit });

  test.for<[HighlightPart[], HighlightPart[]]>([
    [[], []],
    [[part('a'.repeat(400))], [part('a'.repeat(300))]],
    [[part('h'.repeat(400), true)], [part('h'.repeat(300), true)]],
    [
      [part('a'.repeat(200)), part('hit', true), part('b'.repeat(400))],
      [part('a'.repeat(80)), part('hit', true), part('b'.repeat(217))],
    ],
    [
      [part('😀'.repeat(90)), part('hit', true)],
      [part('😀'.repeat(80)), part('hit', true)],
    ],
    [
      [part('x', true), part('y'.repeat(299)), part('z', true)],
      [part('x', true), part('y'.repeat(299))],
    ],
  ])('case %#', ([parts, expected]) => {
    expect(cut(parts)).toEqual(expected);
  });
});
