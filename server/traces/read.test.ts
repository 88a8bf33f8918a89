import { Readable } from 'node:stream';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { makeDataset, makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTrace } from './create.ts';
import { importTraces } from './import.ts';
import { tracesWhere } from './read.ts';

const find = async (app: App, filter: Parameters<typeof tracesWhere>[0]) => {
  const rows = await app.db.trace.findMany({
    where: tracesWhere(filter),
    orderBy: { promptPreview: 'asc' },
  });
  return rows.map((row) => row.promptPreview);
};

const store = (app: App, prompt: string, labels: { source?: string; tags?: string[] } = {}) =>
  createTrace(app, { trace: makePayload({ prompt, final_answer: 'answer' }), ...labels });

describe('tracesWhere', () => {
  test.for([
    ['100%', ['save 100% now']],
    ['a_b', ['name a_b']],
    ['c:\\dir', ['path c:\\dir']],
    ['\\', ['path c:\\dir']],
    ['%', ['save 100% now']],
    ['_', ['name a_b']],
    ['SAVE', ['save 100 times', 'save 100% now']],
    ['ärger', ['ÄRGER']],
    ["'", ["it's"]],
    ['no such text', []],
  ] as const)('finds %j as it is written, in any case', async ([text, found], { app }) => {
    const prompts = ['save 100% now', 'save 100 times', 'name a_b', 'name axb', 'path c:\\dir'];
    const source = `text ${text}`;
    for (const prompt of [...prompts, 'ÄRGER', "it's"]) {
      const trace = { ...makePayload({ prompt, final_answer: 'yes' }), meta: { source } };
      await createTrace(app, { trace });
    }
    expect(await find(app, { text, source })).toEqual(found);
  });

  test('looks in the answer too', async ({ app }) => {
    const trace = makePayload({ prompt: 'question', final_answer: 'forty-two' });
    await createTrace(app, { trace, source: 'answers' });
    expect(await find(app, { text: 'TY-T', source: 'answers' })).toEqual(['question']);
  });

  test('takes every condition together', async ({ app }) => {
    await store(app, 'both', { source: 's', tags: ['t', 'u'] });
    await store(app, 'source only', { source: 's' });
    await store(app, 'tag only', { tags: ['t'] });
    expect(await find(app, { source: 's' })).toEqual(['both', 'source only']);
    expect(await find(app, { tag: 't' })).toEqual(['both', 'tag only']);
    expect(await find(app, { source: 's', tag: 't' })).toEqual(['both']);
    expect(await find(app, { source: 's', tag: 't', text: 'only' })).toEqual([]);
  });

  test('finds the traces of a dataset', async ({ app }) => {
    const { key } = await makeDataset(app, { train: 2, eval: 0, test: 1 });
    expect((await find(app, { datasetKey: key })).length).toBe(3);
    expect(await find(app, { datasetKey: 'none-1' })).toEqual([]);
  });

  test('finds the traces of an import', async ({ app }) => {
    const line = Buffer.from(JSON.stringify(makePayload({ prompt: 'imported' })));
    const { importId } = await importTraces(app, Readable.from([line]), {});
    expect(await find(app, { importId })).toEqual(['imported']);
  });

  test.for([null, undefined, {}, { source: '', tag: '', text: '', datasetKey: null }])(
    'has no condition for %j',
    (filter) => {
      expect(tracesWhere(filter)).toEqual({});
    },
  );

  test.for([
    [{ importId: 'x' }, 'importId: this is not the id of an import.'],
    [{ text: 'x'.repeat(201) }, 'text: has 201 characters, at most 200 are allowed.'],
    [{ source: '\0' }, 'source: contains the character U+0000, remove it.'],
    [{ tag: '\ud800' }, 'tag: contains half a surrogate pair'],
  ] as const)('refuses %j', ([filter, message]) => {
    expect(() => tracesWhere(filter)).toThrow(ValidationError);
    expect(() => tracesWhere(filter)).toThrow(message);
  });
});
