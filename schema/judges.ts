import { ValidationError } from '../server/errors.ts';
import type { JudgeInfo, Judgement as JudgementShape } from '../server/evaluations/judges/judge.ts';
import type { JudgeEndpoint as JudgeEndpointShape } from '../server/evaluations/judges/llm/endpoint.ts';
import { judgeRef, listJudges } from '../server/evaluations/judges/registry.ts';
import { tryJudge } from '../server/evaluations/judges/try.ts';
import { builder } from './builder.ts';

const JudgeCost = builder.enumType('JudgeCost', {
  description: 'What judging takes.',
  values: {
    FREE: { description: 'A moment of a runner.' },
    PAID: { description: 'Requests to a language model, one or more for each item.' },
  } satisfies Record<JudgeInfo['cost'], object>,
});

export const Judge = builder.objectRef<JudgeInfo>('Judge').implement({
  description: 'A named, versioned scorer of predictions. What it says never changes.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For example `answer_correctness`.' }),
    version: t.exposeInt('version', {
      description: 'Rises when the judge would say something else of any text.',
    }),
    ref: t.string({
      description: '`name@version`, which names one judge for ever.',
      resolve: (judge) => judgeRef(judge),
    }),
    description: t.exposeString('description', { description: 'How it decides.' }),
    inputs: t.stringList({
      description:
        'What it looks at: `run`, `prompt`, `expected`, `alternatives`, `text`, `reference`.',
      resolve: ({ inputs }) => [...inputs],
    }),
    cost: t.expose('cost', { type: JudgeCost, description: 'What judging takes.' }),
    isMock: t.exposeBoolean('isMock', {
      description: 'Whether it makes its scores up, so that they say nothing about a model.',
    }),
    ranks: t.exposeBoolean('ranks', {
      description: 'Whether leaderboards list it unless told otherwise.',
    }),
    needsEndpoint: t.exposeBoolean('needsEndpoint', {
      description: 'Whether it asks a language model: one of `judgeEndpoints`.',
    }),
    viewerCanTry: t.boolean({
      description: 'Whether you may try it: the model that it asks is set up, too.',
      resolve: ({ needsEndpoint }, _args, { app, actor }) =>
        actor.scopes.has('EVALUATIONS_WRITE') &&
        (!needsEndpoint || app.config.judgeEndpoints.length > 0),
    }),
  }),
});

const JudgeEndpointKind = builder.enumType('JudgeEndpointKind', {
  description: 'How a language model is spoken to.',
  values: {
    REDI: { description: '`POST /generate` of RediAI.' },
    OPENAI: { description: '`POST /chat/completions`, as many servers offer it.' },
  } satisfies Record<JudgeEndpointShape['kind'], object>,
});

const JudgeEndpoint = builder.objectRef<JudgeEndpointShape>('JudgeEndpoint').implement({
  description:
    'A language model that may judge. The administrator sets it up; its address and key stay there.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What inputs name it by.' }),
    kind: t.expose('kind', { type: JudgeEndpointKind, description: 'How it is spoken to.' }),
    model: t.exposeString('model', { description: 'The model that is asked for.' }),
    host: t.string({
      description: 'Where it is: `judge.example.org:8080`.',
      resolve: ({ url }) => new URL(url).host,
    }),
  }),
});

type Tried = JudgementShape & { error: string | null };

const Judgement = builder.objectRef<Tried>('Judgement').implement({
  description: 'What a judge says of one text.',
  fields: (t) => ({
    correct: t.exposeBoolean('correct', { description: 'Whether it is right.' }),
    score: t.exposeFloat('score', { description: '0–1.' }),
    extracted: t.exposeString('extracted', {
      nullable: true,
      description: 'The answer found in the text; null when none was found.',
    }),
    rule: t.exposeString('rule', { description: 'How the judge came to it.' }),
    details: t.field({
      type: 'JSON',
      description: 'What else it says: measures, verdict, reasoning, raw reply.',
      resolve: ({ details }) => details ?? {},
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it could not judge, a sentence; it is neither right nor wrong then.',
    }),
  }),
});

const TryJudgeInput = builder.inputType('TryJudgeInput', {
  description: 'One text and what to hold it against. Each text has at most 100 000 characters.',
  fields: (t) => ({
    judge: t.string({ required: true, description: '`name` or `name@version`.' }),
    prompt: t.string({ required: true, description: 'What the model was asked.' }),
    expected: t.string({ required: true, description: 'The expected answer.' }),
    alternatives: t.stringList({ description: 'At most 100 other answers that are right too.' }),
    text: t.string({ required: true, description: 'What the model wrote.' }),
    reference: t.stringList({ description: 'At most 1000 steps of the reference solution.' }),
    endpoint: t.string({ description: 'The name of an endpoint, for a judge that asks one.' }),
  }),
});

const TryJudgePayload = builder.objectRef<Tried>('TryJudgePayload').implement({
  description: 'What the judge says; nothing is stored.',
  fields: (t) => ({
    judgement: t.field({
      type: Judgement,
      description: 'What the judge says.',
      resolve: (tried) => tried,
    }),
  }),
});

builder.queryFields((t) => ({
  judges: t.field({
    type: [Judge],
    description: 'Every judge that can be asked for.',
    authScopes: { scope: 'READ' },
    resolve: () => [...listJudges()],
  }),
  judgeEndpoints: t.field({
    type: [JudgeEndpoint],
    description: 'The language models that may judge, as the setting JUDGE_ENDPOINTS names them.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => app.config.judgeEndpoints,
  }),
}));

builder.mutationFields((t) => ({
  tryJudge: t.field({
    type: TryJudgePayload,
    description:
      'Judges one text that you give and stores nothing. It is a mutation because it may ask a ' +
      'language model: once, without another try.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    // A request out: a hundred aliases of it are refused.
    complexity: 500,
    args: {
      input: t.arg({ type: TryJudgeInput, required: true, description: 'The text.' }),
    },
    errors: { types: [ValidationError], union: { description: 'What tryJudge answers.' } },
    resolve: (_root, { input }, { app }) => tryJudge(app, input),
  }),
}));
