import { randomUUIDv7 } from 'node:crypto';
import { graphql, parse, subscribe } from 'graphql';
import type { App } from '../server/app.ts';
import { renderPreview } from '../server/renderPreviews/execute.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeTrace } from '../server/test/make.ts';
import { withStandIn } from '../server/test/rig.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId, localId } from './ids.ts';
import { schema } from './index.ts';

const FIELDS = `id status waitingFor error text tokenCount truncated lossTokens tokenizerNote
  trace { id } modelId maxTokens tokens { id text loss kept } finishedAt`;

const RENDER = `mutation Render($input: RenderTraceInput!) {
  renderTrace(input: $input) {
    __typename
    ... on RenderTracePayload { preview { ${FIELDS} } }
    ... on Error { code }
  }
}`;

const render = async (app: App, input: object) => {
  const { data, errors } = await graphql({
    schema,
    source: RENDER,
    contextValue: contextOf(app),
    variableValues: { input: { modelId: 'qwen3-tiny', maxTokens: 4, ...input } },
  });
  expect(errors).toBeUndefined();
  return data?.renderTrace as { __typename: string; code?: string; preview: { id: string } };
};

const run = (app: App, id: string) =>
  renderPreview(app, localId('RenderPreview', id) ?? '', AbortSignal.timeout(60_000));

describe('renderTrace', () => {
  test('has the text at once and says what the tokens wait for', async ({ app }) => {
    const { id } = await makeTrace(app, { prompt: 'How many?', answer: '7' });
    const traceId = globalId('Trace', id);
    const { preview } = await render(app, { traceId });
    expect(preview).toMatchObject({
      status: 'PENDING',
      waitingFor: expect.stringMatching(/No runner is connected/),
      error: null,
      text: expect.stringMatching(
        /^<\|im_start\|>user\nHow many\?<\|im_end\|>\n<\|im_start\|>assistant\nReasoning:\n1\. .*\nAnswer: 7<\|im_end\|>$/,
      ),
      tokens: null,
      tokenCount: null,
      truncated: null,
      lossTokens: null,
      tokenizerNote: null,
      trace: { id: traceId },
      modelId: 'qwen3-tiny',
      maxTokens: 4,
    });
  });

  test('has tokens, mask and what is beyond the limit once a runner made them', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app, { prompt: 'How many?', answer: '7' });
    const traceId = globalId('Trace', trace.id);
    await run(rig, (await render(app, { traceId })).preview.id);
    const { preview } = await render(app, { traceId });
    expect(preview).toMatchObject({
      status: 'COMPLETED',
      waitingFor: null,
      tokenCount: 8,
      truncated: true,
      lossTokens: 6,
      tokenizerNote: expect.stringMatching(/from this trace alone/),
      finishedAt: expect.any(String),
    });
    const { tokens } = preview as unknown as { tokens: { loss: boolean; kept: boolean }[] };
    expect(tokens.map(({ loss }) => loss)).toEqual([false, false, ...Array(6).fill(true)]);
    expect(tokens.map(({ kept }) => kept)).toEqual([
      ...Array(4).fill(true),
      ...Array(4).fill(false),
    ]);
    const larger = await render(app, { traceId, maxTokens: 8 });
    await run(rig, larger.preview.id);
    expect((await render(app, { traceId, maxTokens: 8 })).preview).toMatchObject({
      truncated: false,
    });
  });

  test('answers with each of its errors', async ({ app }) => {
    const traceId = globalId('Trace', (await makeTrace(app)).id);
    const none = globalId('Trace', randomUUIDv7());
    expect(await render(app, { traceId: none })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await render(app, { traceId: 'nonsense' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await render(app, { traceId, modelId: 'no' })).toMatchObject({ code: 'VALIDATION' });
    expect(await render(app, { traceId, maxTokens: 0 })).toMatchObject({ code: 'VALIDATION' });
  });
});

describe('renderPreviewChanged', () => {
  const follow = async (app: App, id: string) => {
    const document = parse(`subscription { renderPreviewChanged(id: "${id}") { id status } }`);
    const stream = await subscribe({ schema, document, contextValue: contextOf(app) });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    return stream;
  };

  test('tells the state now, each change, and ends at the end', async ({ app }) => {
    const rig = await withStandIn(app);
    const traceId = globalId('Trace', (await makeTrace(app)).id);
    const { id } = (await render(app, { traceId })).preview;
    const stream = await follow(app, id);
    const told = (status: string) => ({ data: { renderPreviewChanged: { id, status } } });
    expect((await stream.next()).value).toEqual(told('PENDING'));
    await run(rig, id);
    const rest = [];
    for await (const each of stream) rest.push(each);
    expect(rest.at(-1)).toEqual(told('COMPLETED'));
  });

  test('of a preview that does not exist ends at once', async ({ app }) => {
    for (const id of [globalId('RenderPreview', randomUUIDv7()), 'nonsense']) {
      expect(await (await follow(app, id)).next()).toMatchObject({ done: true });
    }
  });
});
