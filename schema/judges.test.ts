import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { openJudge, PASS } from '../server/test/judgeRig.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { schema } from './index.ts';

const ask = (
  app: App,
  source: string,
  variableValues: Record<string, unknown> = {},
  actor: Actor = LOCAL,
) => graphql({ schema, source, variableValues, contextValue: contextOf(app, actor) });

const TRY = `mutation Try($input: TryJudgeInput!) {
  tryJudge(input: $input) {
    __typename
    ... on TryJudgePayload { judgement { correct score extracted rule details error } }
    ... on ValidationError { issues { path code message } }
  }
}`;

const TEXT = { prompt: '1 + 1?', expected: '2', text: 'Answer: two', alternatives: ['two'] };

describe('judges', () => {
  test('are listed with what people choose by', async ({ app }) => {
    const source =
      '{ judges { ref name version description inputs cost isMock ranks needsEndpoint } }';
    expect(await ask(app, source, {}, VIEWER)).toMatchObject({
      data: {
        judges: [
          { ref: 'answer_correctness@1', cost: 'FREE', ranks: true, needsEndpoint: false },
          { ref: 'step_quality@1', ranks: false, inputs: ['text', 'reference'] },
          { ref: 'gemma@1', cost: 'PAID', needsEndpoint: true, isMock: false },
          { ref: 'mock@1', isMock: true, ranks: false },
        ],
      },
    });
  });
});

describe('judgeEndpoints', () => {
  test('are told without address and key', async ({ app }) => {
    const source = '{ judgeEndpoints { name kind model host } }';
    expect(await ask(app, source)).toEqual({ data: { judgeEndpoints: [] } });
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { data } = await ask(judge.app, source);
    const host = new URL(judge.server.url).host;
    expect(data).toEqual({
      judgeEndpoints: [{ name: 'local', kind: 'OPENAI', model: 'judge-1', host }],
    });
    const fields = await ask(app, '{ __type(name: "JudgeEndpoint") { fields { name } } }');
    expect(JSON.stringify(fields)).not.toMatch(/key|url/i);
  });
});

describe('tryJudge', () => {
  test('says what a judge of rules says', async ({ app }) => {
    const input = { ...TEXT, judge: 'answer_correctness' };
    expect(await ask(app, TRY, { input })).toMatchObject({
      data: {
        tryJudge: {
          judgement: { correct: true, extracted: 'two', rule: 'TEMPLATE:TEXT', error: null },
        },
      },
    });
    const steps = { ...TEXT, judge: 'step_quality', reference: ['1 + 1 = 2'] };
    expect(await ask(app, TRY, { input: steps })).toMatchObject({
      data: { tryJudge: { judgement: { score: 0, details: { steps: { reference: 1 } } } } },
    });
    expect(await app.db.evaluationItem.count()).toBe(0);
  });

  test('asks a model once and says why it did not answer', async ({ app }) => {
    let isDown = false;
    await using judge = await openJudge(app, () => (isDown ? { status: 503 } : { reply: PASS }), {
      attempts: 5,
    });
    const input = { ...TEXT, judge: 'gemma', endpoint: 'local' };
    expect(await ask(judge.app, TRY, { input })).toMatchObject({
      data: { tryJudge: { judgement: { correct: true, score: 0.9, details: { raw: PASS } } } },
    });
    isDown = true;
    expect(await ask(judge.app, TRY, { input })).toMatchObject({
      data: { tryJudge: { judgement: { correct: false, rule: 'UNJUDGED', error: 'HTTP 503.' } } },
    });
    expect(judge.server.asked).toHaveLength(2);
  });

  test.for([
    [{ judge: 'gemma-judge' }, 'judge', 'UNKNOWN_JUDGE'],
    [{ judge: 'gemma', endpoint: 'http://169.254.169.254/' }, 'endpoint', 'UNKNOWN_ENDPOINT'],
    [{ judge: 'answer_correctness', endpoint: 'local' }, 'endpoint', 'NOT_NEEDED'],
    [{ judge: 'answer_correctness', text: 'x'.repeat(100_001) }, 'text', 'TOO_LONG'],
    [{ judge: 'answer_correctness', reference: Array(1_001).fill('x') }, 'reference', 'TOO_LONG'],
  ] as const)('refuses %o', async ([more, path, code], { app }) => {
    const { data } = await ask(app, TRY, { input: { ...TEXT, ...more } });
    expect(data).toMatchObject({
      tryJudge: { __typename: 'ValidationError', issues: [{ path: [path], code }] },
    });
  });

  test('needs the scope write, and a few of it at once', async ({ app }) => {
    const input = { ...TEXT, judge: 'answer_correctness' };
    const refused = await ask(app, TRY, { input }, VIEWER);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const many = Array.from(
      { length: 12 },
      (_, n) => `t${n}: tryJudge(input: $input) { __typename }`,
    );
    const source = `mutation ($input: TryJudgeInput!) { ${many.join(' ')} }`;
    const { errors } = await ask(app, source, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }]);
  });
});
