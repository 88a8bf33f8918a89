import { randomUUIDv7 } from 'node:crypto';
import { type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { evaluate } from '../server/evaluations/evaluate.ts';
import { contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { openJudge, PASS } from '../server/test/judgeRig.ts';
import { makeCompletedRun, makeDataset } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId, localId } from './ids.ts';
import { schema } from './index.ts';

const ask = (
  app: App,
  source: string,
  variableValues: Record<string, unknown> = {},
  actor: Actor = LOCAL,
) => graphql({ schema, source, variableValues, contextValue: contextOf(app, actor) });

const FIELDS = `id status step itemCount judgedCount failedCount settings error
  usage { requests promptTokens completionTokens } viewerCanCancel viewerCanResume`;

const ITEMS = `query Items($id: ID!, $filter: EvaluationItemFilter) {
  evaluation(id: $id) {
    ${FIELDS}
    items(filter: $filter) { totalCount edges { node { position outcome error details rule } } }
  }
}`;

const EVALUATE = `mutation ($input: EvaluateRunInput!) {
  evaluateRun(input: $input) {
    ... on EvaluateRunPayload { evaluation { ${FIELDS} } }
    ... on ValidationError { issues { path code } }
  }
}`;

const CHANGE = (name: string) => `mutation ($id: ID!) {
  change: ${name}(input: { id: $id }) {
    __typename
    ... on ${name.replace(/^./, (first) => first.toUpperCase())}Payload { evaluation { ${FIELDS} } }
    ... on Error { code message }
  }
}`;

const TEXTS = ['item 0. Answer: 1', 'item 1. Answer: 0', 'item 2. no answer', null];

/** A run of four items: right, wrong, without an answer, without a prediction. */
const makeJudgedRun = async (app: App) =>
  makeCompletedRun(app, await makeDataset(app, { test: ['1', '2', '3', '4'] }), TEXTS);

/** Asks for an evaluation; its opaque id. */
async function request(app: App, input: object): Promise<string> {
  const { data, errors } = await ask(app, EVALUATE, { input });
  expect(errors).toBeUndefined();
  return (data as never as { evaluateRun: { evaluation: { id: string } } }).evaluateRun.evaluation
    .id;
}

const evaluateNow = (app: App, id: string) => evaluate(app, localId('Evaluation', id) ?? '');

describe('evaluateRun', () => {
  test('takes an endpoint by name and shows what the judge is set up with', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const run = await makeJudgedRun(app);
    const id = await request(judge.app, { runId: run.id, judge: 'gemma', endpoint: 'local' });
    await evaluateNow(judge.app, id);
    const { data } = await ask(judge.app, ITEMS, { id });
    expect(data?.evaluation).toMatchObject({
      status: 'COMPLETED',
      step: 0,
      itemCount: 4,
      judgedCount: 4,
      failedCount: 0,
      settings: { endpoint: 'local', model: 'judge-1' },
      usage: { requests: 3, completionTokens: 3 * PASS.length },
      viewerCanCancel: false,
      viewerCanResume: false,
    });
    expect(JSON.stringify(data)).not.toContain('secret-key');
  });

  test.for([
    [{ judge: 'gemma' }, 'endpoint', 'UNKNOWN_ENDPOINT'],
    [{ endpoint: 'local' }, 'endpoint', 'NOT_NEEDED'],
    [{ step: -1 }, 'step', 'TOO_SMALL'],
  ] as const)('refuses %j', async ([more, path, code], { app }) => {
    const run = await makeJudgedRun(app);
    const { data } = await ask(app, EVALUATE, { input: { runId: run.id, ...more } });
    expect(data?.evaluateRun).toMatchObject({ issues: [{ path: [path], code }] });
  });
});

describe('the items of an evaluation', () => {
  test('are found by outcome and by text', async ({ app }) => {
    await using judge = await openJudge(app, (item) =>
      item === 1 ? { status: 500 } : { reply: item === 0 ? PASS : PASS.replace('pass', 'fail') },
    );
    const run = await makeJudgedRun(app);
    const id = await request(judge.app, { runId: run.id, judge: 'gemma' });
    await evaluateNow(judge.app, id);
    const find = async (filter?: object) => {
      const { data } = await ask(app, ITEMS, { id, filter });
      type Page = { items: { totalCount: number; edges: { node: { outcome: string } }[] } };
      const { items } = (data as never as { evaluation: Page }).evaluation;
      expect(items.totalCount).toBe(items.edges.length);
      return items.edges.map(({ node }) => node.outcome);
    };
    expect(await find()).toEqual(['CORRECT', 'FAILED', 'WRONG', 'NO_ANSWER']);
    for (const outcome of ['CORRECT', 'FAILED', 'WRONG', 'NO_ANSWER']) {
      expect(await find({ outcome: [outcome] })).toEqual([outcome]);
    }
    expect(await find({ outcome: ['FAILED', 'WRONG'] })).toEqual(['FAILED', 'WRONG']);
    expect(await find({ outcome: [] })).toEqual([]);
    expect(await find({ text: 'ITEM 2' })).toEqual(['WRONG']);
    expect(await find({ text: 'what is' })).toHaveLength(4);
    expect(await find({ text: 'item _' })).toEqual([]);
    expect(await find({ text: 'item', outcome: ['CORRECT'] })).toEqual(['CORRECT']);
    const { data } = await ask(app, ITEMS, { id, filter: { outcome: ['FAILED'] } });
    expect(data?.evaluation).toMatchObject({
      status: 'FAILED',
      failedCount: 1,
      error: expect.stringContaining('1 of 4 items could not be judged: HTTP 500 (1).'),
      viewerCanResume: true,
      items: { edges: [{ node: { error: 'HTTP 500.', details: { requests: 1 } } }] },
    });
  });

  test('refuse a text that is too long', async ({ app }) => {
    const run = await makeJudgedRun(app);
    const id = await request(app, { runId: run.id });
    const { errors } = await ask(app, ITEMS, { id, filter: { text: 'x'.repeat(201) } });
    expect(errors).toHaveLength(1);
  });
});

describe('cancelEvaluation and resumeEvaluation', () => {
  test('stop an evaluation and go on with it', async ({ app }) => {
    const run = await makeJudgedRun(app);
    const id = await request(app, { runId: run.id });
    const change = async (name: string) => (await ask(app, CHANGE(name), { id })).data?.change;
    expect(await change('cancelEvaluation')).toMatchObject({
      evaluation: { status: 'CANCELLED', viewerCanCancel: false, viewerCanResume: true },
    });
    expect(await change('resumeEvaluation')).toMatchObject({
      evaluation: { status: 'PENDING', viewerCanCancel: true, viewerCanResume: false },
    });
    await evaluateNow(app, id);
    for (const name of ['cancelEvaluation', 'resumeEvaluation']) {
      expect(await change(name)).toMatchObject({ code: 'INVALID_STATE' });
    }
  });

  test.for(['cancelEvaluation', 'resumeEvaluation'])(
    '%s needs an evaluation and the scope write',
    async (name, { app }) => {
      for (const id of ['x', randomUUIDv7(), globalId('Run', randomUUIDv7())]) {
        const { data } = await ask(app, CHANGE(name), { id });
        expect(data?.change).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
      }
      const { errors } = await ask(app, CHANGE(name), { id: randomUUIDv7() }, VIEWER);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    },
  );
});

describe('evaluationChanged', () => {
  const follow = async (app: App, id: string) =>
    (await subscribe({
      schema,
      document: parse('subscription ($id: ID!) { evaluationChanged(id: $id) { status } }'),
      variableValues: { id },
      contextValue: contextOf(app, VIEWER),
    })) as AsyncGenerator<ExecutionResult>;

  test('tells the evaluation now and at its end', async ({ app }) => {
    const run = await makeJudgedRun(app);
    const id = await request(app, { runId: run.id });
    const stream = await follow(app, id);
    const pending = { data: { evaluationChanged: { status: 'PENDING' } } };
    expect((await stream.next()).value).toEqual(pending);
    await evaluateNow(app, id);
    const rest = [];
    for await (const message of stream) rest.push(message);
    expect(rest.at(-1)).toEqual({ data: { evaluationChanged: { status: 'COMPLETED' } } });
  });

  test('ends at once for what is not there', async ({ app }) => {
    for (const id of ['x', randomUUIDv7()]) {
      const stream = await follow(app, id);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }
  });
});
