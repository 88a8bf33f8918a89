import type { FindingCode as FindingCodeValue } from '../server/datasets/checks/model.ts';
import type { FindingCount as FindingCountShape } from '../server/datasets/checks/read.ts';
import { isWaived, unwaiveFinding, waiveFinding } from '../server/datasets/checks/waive.ts';
import { NotFoundError, ValidationError } from '../server/errors.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { FindingSeverity } from './severity.ts';

export const FindingCode = builder.enumType('FindingCode', {
  description: 'A rule that an item of a dataset can break.',
  values: {
    EXACT_DUPLICATE: {
      description: 'Prompt, steps and answer are those of an earlier item of the same side.',
    },
    NEAR_DUPLICATE: {
      description:
        'Prompt and solution are nearly those of an earlier item of the same side: 80 % of all ' +
        'word triples of both (Jaccard), and the same numbers in the prompt.',
    },
    SPLIT_LEAKAGE: {
      description: 'A prompt of EVAL or TEST is nearly one of TRAIN, so it measures memory.',
    },
    EVALUATION_LEAKAGE: {
      description: 'A prompt of TRAIN is, nearly is or contains an item of an evaluation set.',
    },
    TOO_MANY_TOKENS: {
      description: 'An item of TRAIN or EVAL has more than `maxTokens` and would be left out.',
    },
    TOO_MANY_CHARS: { description: 'Prompt and completion have more than `maxChars`.' },
    EMPTY_STEP: { description: 'A step is only spaces or punctuation.' },
    REPEATED_STEP: { description: 'Two steps are equal but for case and spaces.' },
    ANSWER_NOT_IN_LAST_STEP: {
      description:
        'The last step holds neither the words of the final answer nor its number. Answers of ' +
        'more than 100 characters are not looked at.',
    },
  } satisfies Record<FindingCodeValue, object>,
});

export const FindingCount = builder.objectRef<FindingCountShape>('FindingCount').implement({
  description: 'How often one rule was broken.',
  fields: (t) => ({
    code: t.expose('code', { type: FindingCode, description: 'The rule.' }),
    severity: t.expose('severity', { type: FindingSeverity, description: 'How bad it is.' }),
    found: t.exposeInt('found', { description: 'Findings, those beyond the stored ones too.' }),
    waived: t.exposeInt('waived', { description: 'Stored findings that are accepted.' }),
  }),
});

builder.prismaObject('FindingWaiver', {
  description: 'That somebody accepted a finding. It holds for every check of the dataset.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Why.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaNode('Finding', {
  id: { field: 'id' },
  nullable: true,
  description: 'One item of a dataset that breaks one rule.',
  select: { fingerprint: true, check: { select: { datasetId: true } } },
  fields: (t) => ({
    check: t.relation('check', { description: 'The check that found it.' }),
    code: t.field({
      type: FindingCode,
      description: 'The rule.',
      select: { code: true },
      resolve: ({ code }) => code as FindingCodeValue,
    }),
    severity: t.expose('severity', { type: FindingSeverity, description: 'How bad it is.' }),
    position: t.exposeInt('position', { description: 'Place of the item in the dataset, from 0.' }),
    trace: t.relation('trace', { description: 'The trace of the item.' }),
    relatedTrace: t.relation('relatedTrace', {
      nullable: true,
      description: 'The other trace of a pair.',
    }),
    evaluationItem: t.relation('evaluationItem', {
      nullable: true,
      description: 'The item of an evaluation set that the trace gives away.',
    }),
    message: t.exposeString('message', { description: 'What is wrong, a sentence.' }),
    data: t.field({
      type: 'JSON',
      description: 'Figures of the rule: `{"found": 2100, "limit": 2048}`, `{"similarity": 0.9}`.',
      select: { data: true },
      resolve: ({ data }) => data,
    }),
    waiver: t.prismaField({
      type: 'FindingWaiver',
      nullable: true,
      description: 'That it is accepted; null when it is not.',
      resolve: (query, { fingerprint, check: { datasetId } }, _args, { app }) =>
        app.db.findingWaiver.findUnique({
          ...query,
          where: { datasetId_fingerprint: { datasetId, fingerprint } },
        }),
    }),
    viewerCanWaive: t.boolean({
      description: 'Whether you may accept it, or give another reason.',
      resolve: (_finding, _args, { actor }) => actor.scopes.has('DATASETS_WRITE'),
    }),
    viewerCanUnwaive: t.boolean({
      description: 'Whether you may take its acceptance back: it is accepted, too.',
      resolve: async ({ fingerprint, check: { datasetId } }, _args, { app, actor }) =>
        actor.scopes.has('DATASETS_WRITE') && (await isWaived(app, datasetId, fingerprint)),
    }),
  }),
});

const WaiveFindingInput = builder.inputType('WaiveFindingInput', {
  description: 'Which finding to accept, and why.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The `id` of a finding.' }),
    reason: t.string({ required: true, description: '1–1000 characters.' }),
  }),
});

const UnwaiveFindingInput = builder.inputType('UnwaiveFindingInput', {
  description: 'Which finding is no longer accepted.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of a finding.' }) }),
});

const payloadWithFinding = (name: 'WaiveFindingPayload' | 'UnwaiveFindingPayload') =>
  builder.objectRef<{ id: string }>(name).implement({
    description: 'The finding, as it is now.',
    fields: (t) => ({
      finding: t.prismaField({
        type: 'Finding',
        description: 'The finding.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.finding.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

builder.mutationFields((t) => ({
  waiveFinding: t.field({
    type: payloadWithFinding('WaiveFindingPayload'),
    description:
      'Accepts a finding, in this and every later check of the dataset. Again, it replaces the reason.',
    authScopes: { scope: 'DATASETS_WRITE' },
    args: {
      input: t.arg({ type: WaiveFindingInput, required: true, description: 'Which, and why.' }),
    },
    errors: {
      types: [NotFoundError, ValidationError],
      union: { description: 'What waiveFinding answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      waiveFinding(app, { id: idOf('Finding', input.id), reason: input.reason }),
  }),
  unwaiveFinding: t.field({
    type: payloadWithFinding('UnwaiveFindingPayload'),
    description: 'Takes the acceptance of a finding back.',
    authScopes: { scope: 'DATASETS_WRITE' },
    args: { input: t.arg({ type: UnwaiveFindingInput, required: true, description: 'Which.' }) },
    errors: {
      types: [NotFoundError],
      union: { description: 'What unwaiveFinding answers.' },
    },
    resolve: (_root, { input }, { app }) => unwaiveFinding(app, idOf('Finding', input.id)),
  }),
}));
