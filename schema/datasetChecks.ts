import type { Prisma } from '../prisma/generated/client/client.ts';
import type { App } from '../server/app.ts';
import {
  type Budgets,
  CODES,
  type FindingCode as FindingCodeValue,
  type Summary,
} from '../server/datasets/checks/model.ts';
import { countFindings, followCheck, waivedFindingIds } from '../server/datasets/checks/read.ts';
import { requestDatasetCheck } from '../server/datasets/checks/request.ts';
import { NotFoundError, ValidationError } from '../server/errors.ts';
import { builder } from './builder.ts';
import { FindingCode, FindingCount } from './findings.ts';
import { localId } from './ids.ts';
import { onPage } from './paging.ts';
import { nothing } from './phases.ts';
import { WorkStatus } from './workStatus.ts';

const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] as const;

const DatasetCheck = builder.prismaNode('DatasetCheck', {
  id: { field: 'id' },
  nullable: true,
  description:
    'One look over all items of a dataset for what spoils a training. Made by itself when a dataset ' +
    'is built, and with `checkDataset`; appended, never overwritten.',
  fields: (t) => ({
    dataset: t.relation('dataset', { description: 'The dataset.' }),
    status: t.expose('status', { type: WorkStatus, description: 'Where it stands.' }),
    modelId: t.string({
      description: 'The model whose tokens are counted.',
      select: { settings: true },
      resolve: ({ settings }) => (settings as Budgets).modelId,
    }),
    maxTokens: t.int({
      description: 'Budget of an item in tokens: `maxSeqLength` of a run.',
      select: { settings: true },
      resolve: ({ settings }) => (settings as Budgets).maxTokens,
    }),
    maxChars: t.int({
      description: 'Budget of an item in characters of prompt and completion.',
      select: { settings: true },
      resolve: ({ settings }) => (settings as Budgets).maxChars,
    }),
    tokensChecked: t.boolean({
      description: 'Whether tokens were counted; false until it is completed.',
      select: { summary: true },
      resolve: ({ summary }) => (summary as Partial<Summary>).tokensChecked ?? false,
    }),
    tokensNote: t.string({
      nullable: true,
      description: 'Why tokens were not counted, and what to do.',
      select: { summary: true },
      resolve: ({ summary }) => (summary as Partial<Summary>).tokensNote ?? null,
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed, a sentence.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed or failed.',
    }),
    counts: t.field({
      type: [FindingCount],
      description: 'How often each rule was broken, every rule once; [] until it is completed.',
      select: { id: true, status: true, summary: true },
      resolve: (check, _args, { app }) => countFindings(app.sql, check),
    }),
    findings: t.prismaConnection({
      type: 'Finding',
      cursor: 'id',
      description: 'What it found, rule by rule, in dataset order; the first 1000 of each rule.',
      complexity: onPage,
      args: {
        codes: t.arg({ type: [FindingCode], description: 'Only these rules.' }),
        waived: t.arg.boolean({ description: 'Only the accepted ones, or only the others.' }),
      },
      totalCount: async ({ id }, args, { app }) =>
        app.db.finding.count({ where: await findingsWhere(app, id, args) }),
      resolve: async (query, { id }, args, { app }) =>
        app.db.finding.findMany({
          ...query,
          where: await findingsWhere(app, id, args),
          orderBy: [{ code: 'asc' }, { position: 'asc' }, { id: 'asc' }],
        }),
    }),
  }),
});

async function findingsWhere(
  app: Pick<App, 'sql'>,
  checkId: string,
  args: { codes?: readonly FindingCodeValue[] | null; waived?: boolean | null },
): Promise<Prisma.FindingWhereInput> {
  const { codes, waived } = args;
  const ids = typeof waived === 'boolean' ? await waivedFindingIds(app.sql, checkId) : [];
  return {
    checkId,
    code: { in: [...(codes ?? CODES)] },
    ...(typeof waived === 'boolean' && { id: waived ? { in: ids } : { notIn: ids } }),
  };
}

builder.prismaObjectFields('Dataset', (t) => ({
  latestCheck: t.field({
    type: DatasetCheck,
    nullable: true,
    description: 'The newest check; null for a dataset that was never checked.',
    select: (_args, _context, nested) => ({
      checks: nested({ take: 1, orderBy: [...NEWEST_FIRST] }),
    }),
    resolve: ({ checks }) => checks[0] ?? null,
  }),
  checks: t.relatedConnection('checks', {
    cursor: 'id',
    totalCount: true,
    complexity: onPage,
    description: 'Its checks, newest first.',
    query: { orderBy: [...NEWEST_FIRST] },
  }),
}));

const CheckDatasetInput = builder.inputType('CheckDatasetInput', {
  description: 'Which dataset to check, and against which budgets.',
  fields: (t) => ({
    datasetKey: t.string({ required: true, description: 'The key of a dataset.' }),
    modelId: t.string({
      description: 'Whose tokens to count: the `id` of a model; the built-in one if absent.',
    }),
    maxTokens: t.int({ description: '1–32 768; 2048 if absent, as for a run.' }),
    maxChars: t.int({ description: '1–10 000 000; four times `maxTokens` if absent.' }),
  }),
});

const CheckDatasetPayload = builder.objectRef<{ id: string }>('CheckDatasetPayload').implement({
  description: 'The check that was asked for; it is pending.',
  fields: (t) => ({
    check: t.prismaField({
      type: 'DatasetCheck',
      description: 'The check.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.datasetCheck.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

builder.prismaObjectFields('Dataset', (t) => ({
  viewerCanCheck: t.boolean({
    description: 'Whether you may check it once more.',
    resolve: (_dataset, _args, { actor }) => actor.scopes.has('DATASETS_WRITE'),
  }),
}));

builder.mutationFields((t) => ({
  checkDataset: t.field({
    type: CheckDatasetPayload,
    description: 'Checks a dataset once more, on a runner. Earlier checks stay.',
    authScopes: { scope: 'DATASETS_WRITE' },
    args: {
      input: t.arg({ type: CheckDatasetInput, required: true, description: 'Which, and how.' }),
    },
    errors: {
      types: [NotFoundError, ValidationError],
      union: { description: 'What checkDataset answers.' },
    },
    resolve: (_root, { input }, { app }) => requestDatasetCheck(app, input),
  }),
}));

builder.subscriptionFields((t) => ({
  datasetCheckChanged: t.prismaField({
    type: 'DatasetCheck',
    description: 'The check now, then at each change. Ends by itself when it has ended.',
    authScopes: { scope: 'READ' },
    args: { id: t.arg.id({ required: true, description: 'The `id` of a check.' }) },
    subscribe: (_root, args, { app }) => {
      const id = localId('DatasetCheck', args.id);
      return id ? followCheck(app, id) : nothing<{ id: string }>();
    },
    resolve: (query, { id }: { id: string }, _args, { app }) =>
      app.db.datasetCheck.findUniqueOrThrow({ ...query, where: { id } }),
  }),
}));
