import { countMatching } from '../server/datasets/select.ts';
import { previewSelection, type SelectionPreview } from '../server/datasets/selectPreview.ts';
import { builder } from './builder.ts';
import { DatasetStats } from './datasets.ts';
import { FindingCode } from './findings.ts';
import { localId } from './ids.ts';
import { Split } from './split.ts';
import { toTraceFilter, traceFilterFields, withImportUuid } from './traceFilter.ts';
import { Trace } from './traces.ts';

export const DatasetFilter = builder.inputType('DatasetFilter', {
  description:
    'Which traces are candidates, as in a TraceFilter: every given condition must hold, and an ' +
    'empty text or list is no condition. `text` cannot find traces that are not searchable yet.',
  fields: traceFilterFields,
});

export const SelectionStrategy = builder.enumType('SelectionStrategy', {
  description: 'Which of the candidates are taken when there are more than the limit.',
  values: {
    LATEST: { description: 'The newest, in the order of their content hashes.' },
    RANDOM: { description: 'A choice and an order that depend on seed and content alone.' },
  } as const,
});

export const SplitFractionsInput = builder.inputType('SplitFractionsInput', {
  description: 'How much goes to each side; the three add up to 1.',
  fields: (t) => ({
    train: t.float({ required: true, description: 'Above 0.' }),
    eval: t.float({ required: true, description: 'From 0.' }),
    test: t.float({ required: true, description: 'From 0.' }),
  }),
});

export const ExcludeInput = builder.inputType('ExcludeInput', {
  description: 'Which candidates are left out; at most 10 000 ids and 100 000 hashes.',
  fields: (t) => ({
    traceIds: t.idList({ description: 'These traces.' }),
    findingIds: t.idList({ description: 'The traces of these findings of a check.' }),
    contentHashes: t.field({
      type: ['SHA256'],
      description: 'Traces with these content hashes, as `recipe.exclude` of a dataset has them.',
    }),
    checkId: t.id({
      description: 'The traces of all stored findings of this check that are not waived.',
    }),
    codes: t.field({
      type: [FindingCode],
      description: 'Of that check only findings of these rules; of all without it.',
    }),
  }),
});

type Named = {
  filter?: typeof DatasetFilter.$inferInput | null;
  exclude?: typeof ExcludeInput.$inferInput | null;
};

const uuids = (typename: string, ids: readonly string[] | null | undefined) =>
  ids?.map((id) => localId(typename, id) ?? id);

/** Filter and exclude with what they name by opaque ids named by uuids, as services take them. */
export const toSelection = ({ filter, exclude }: Named) => ({
  filter: filter && { ...withImportUuid(filter), meta: filter.meta as Meta },
  exclude: exclude && {
    ...exclude,
    traceIds: uuids('Trace', exclude.traceIds),
    findingIds: uuids('Finding', exclude.findingIds),
    checkId: exclude.checkId && (localId('DatasetCheck', exclude.checkId) ?? exclude.checkId),
  },
});

// Whether it is an object is for the service to say.
type Meta = Record<string, unknown> | null | undefined;

const DatasetSelectionItem = builder
  .objectRef<SelectionPreview['sample'][number]>('DatasetSelectionItem')
  .implement({
    description: 'A trace that would be taken.',
    fields: (t) => ({
      trace: t.prismaField({
        type: Trace,
        description: 'The trace.',
        resolve: (query, { traceId }, _args, { app }) =>
          app.db.trace.findUniqueOrThrow({ ...query, where: { id: traceId } }),
      }),
      split: t.expose('split', { type: Split, description: 'The side it would stand on.' }),
    }),
  });

const DatasetSelection = builder.objectRef<SelectionPreview>('DatasetSelection').implement({
  description: 'What a build would take now.',
  fields: (t) => ({
    matching: t.exposeInt('matching', {
      description: 'All that the filter finds, without what is excluded.',
    }),
    taken: t.exposeInt('taken', { description: 'How many of them: at most the limit.' }),
    trainCount: t.int({ description: 'Of these on TRAIN.', resolve: ({ counts }) => counts.TRAIN }),
    evalCount: t.int({ description: 'Of these on EVAL.', resolve: ({ counts }) => counts.EVAL }),
    testCount: t.int({ description: 'Of these on TEST.', resolve: ({ counts }) => counts.TEST }),
    stats: t.expose('stats', {
      type: DatasetStats,
      nullable: true,
      description: 'Figures over all that would be taken; null when nothing would.',
    }),
    sample: t.expose('sample', {
      type: [DatasetSelectionItem],
      description: 'The first 10 in the order of the dataset.',
    }),
  }),
});

builder.queryFields((t) => ({
  datasetSelection: t.field({
    type: DatasetSelection,
    description: 'What buildDataset would take, by the same rules. Nothing is stored.',
    authScopes: { scope: 'READ' },
    args: {
      filter: t.arg({ type: DatasetFilter, description: 'Candidates; all without it.' }),
      strategy: t.arg({ type: SelectionStrategy, description: 'LATEST when not given.' }),
      limit: t.arg.int({ description: 'At most this many: 1–10 000 (setting); 100.' }),
      seed: t.arg.int({ description: 'For RANDOM, which needs one.' }),
      split: t.arg({ type: SplitFractionsInput, description: '0.8, 0.1, 0.1 when not given.' }),
      exclude: t.arg({ type: ExcludeInput, description: 'Candidates to leave out.' }),
    },
    resolve: (_root, args, { app }) => previewSelection(app, { ...args, ...toSelection(args) }),
  }),
  datasetSelectionCount: t.int({
    description: 'How many traces a filter matches now.',
    authScopes: { scope: 'READ' },
    args: { filter: t.arg({ type: DatasetFilter, description: 'All without it.' }) },
    resolve: (_root, { filter }, { app }) => countMatching(app.sql, toTraceFilter(filter)),
  }),
}));
