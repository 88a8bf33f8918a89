import {
  ConflictError,
  InvalidStateError,
  NotFoundError,
  ValidationError,
} from '../server/errors.ts';
import { type Imported, importPredictions } from '../server/predictions/import.ts';
import { type LineIssue, MAX_LINE_ISSUES } from '../server/predictions/model.ts';
import { takesPredictions } from '../server/predictions/target.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { runOf } from './runs.ts';
import { Split } from './split.ts';

const SystemInput = builder.inputType('SystemInput', {
  description: 'Something that was trained elsewhere.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1–128 characters, the name of its run.' }),
    modelId: t.string({ required: true, description: '1–256 characters; any name will do.' }),
  }),
});

const ImportPredictionsInput = builder.inputType('ImportPredictionsInput', {
  description: 'Predictions that were made elsewhere; of runId and system exactly one.',
  fields: (t) => ({
    runId: t.id({ description: 'The `id` of a completed run with mode LOCAL.' }),
    system: t.field({
      type: SystemInput,
      description: 'Makes a run with mode EXTERNAL, or finds the one with the same predictions.',
    }),
    datasetKey: t.string({ description: 'The dataset, by key; that of the run when not given.' }),
    split: t.field({ type: Split, description: 'The side of the dataset; TEST when not given.' }),
    evaluationSetKey: t.string({ description: 'An evaluation set, by key, instead of a dataset.' }),
    jsonl: t.string({
      required: true,
      description:
        'One prediction per line: `{"id", "prediction"}`. The item is named by `trace_id` or `id` (a ' +
        'trace, or the id an item of a set has), or by its `prompt`; `text` is another name for ' +
        '`prediction`. Larger files go to POST /import/predictions, at most 20 MB.',
    }),
    allowMissing: t.boolean({
      description: 'Counts items without a prediction as wrong, instead of refusing the file.',
    }),
  }),
});

const LineIssueType = builder.objectRef<LineIssue>('LineIssue').implement({
  description: 'A line of a file that was left out, and why.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Line number, from 1.' }),
    code: t.exposeString('code', {
      description:
        'NOT_JSON, INVALID, UNKNOWN_ITEM, DUPLICATE_ITEM (the first one counts) or ' +
        'AMBIGUOUS_PROMPT.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
  }),
});

const ImportPredictionsPayload = builder.objectRef<Imported>('ImportPredictionsPayload').implement({
  description: 'What was imported.',
  fields: (t) => ({
    run: t.prismaField(runOf('The run that has the predictions.')),
    repeated: t.exposeBoolean('repeated', {
      description: 'Whether the system had the same predictions before; nothing is stored then.',
    }),
    imported: t.exposeInt('imported', { description: 'Items with a prediction.' }),
    missing: t.exposeInt('missing', { description: 'Items without one, which count as wrong.' }),
    issues: t.field({
      type: [LineIssueType],
      description: `Lines that were left out, the first ${MAX_LINE_ISSUES}.`,
      resolve: ({ issues }) => issues,
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  viewerCanImportPredictions: t.boolean({
    description: 'Whether you may import predictions of it, on a target where it has none.',
    select: { mode: true, status: true, datasetId: true },
    resolve: (run, _args, { actor }) => actor.scopes.has('RUNS_WRITE') && takesPredictions(run),
  }),
}));

builder.mutationFields((t) => ({
  importPredictions: t.field({
    type: ImportPredictionsPayload,
    description:
      'Stores predictions of a run of ours or of another system, all or nothing, and judges them ' +
      'like any other.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: {
      input: t.arg({
        type: ImportPredictionsInput,
        required: true,
        description: 'The predictions.',
      }),
    },
    errors: {
      types: [ValidationError, NotFoundError, ConflictError, InvalidStateError],
      union: { description: 'What importPredictions answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => {
      const { runId, ...rest } = input;
      const asked = { ...rest, runId: runId ? idOf('Run', runId) : null };
      return importPredictions(app, asked, actor.name);
    },
  }),
}));
