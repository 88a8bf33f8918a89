import type { TraceMapping as TraceMappingShape } from '../server/traces/mapping.ts';
import type { TracePayload } from '../server/traces/model.ts';
import {
  type ImportPreview as ImportPreviewShape,
  type PreviewRow,
  previewImport,
} from '../server/traces/preview.ts';
import type { TraceShape as TraceShapeValue } from '../server/traces/shapes.ts';
import { builder } from './builder.ts';
import { ImportIssue } from './imports.ts';
import { TraceStep } from './traces.ts';

const ImportFormat = builder.enumType('ImportFormat', {
  description: 'How the records of a file are laid out.',
  values: {
    AUTO: { description: 'JSON when the file begins with `[`, else NDJSON.' },
    NDJSON: { description: 'One JSON object on each line.' },
    JSON: { description: 'One JSON array of objects.' },
  } as const,
});

const TraceShape = builder.enumType('TraceShape', {
  description: 'What a record of a file is, by its fields.',
  values: {
    TRACE: { description: 'A trace: trace_version, prompt, steps, final_answer, meta.' },
    PREDECESSOR_TRACE: { description: 'The export `trace`: prompts, trace_steps, final_answer.' },
    PREDECESSOR_SFT: { description: 'The export `tunix_sft`: Gemma turns in `prompts`.' },
    PREDECESSOR_EXAMPLE: { description: 'The export `training_example`: prompt and response.' },
    API_RECORD: { description: 'A trace in `payload`, as the REST API of tunix-rt gave it.' },
    QUESTION_ANSWER: { description: 'question and answer, with the result after `####`.' },
    MAPPED: { description: 'Fields are taken as the mapping says.' },
    UNKNOWN: { description: 'Nothing that is known here.' },
  } satisfies Record<TraceShapeValue, object>,
});

const TraceMappingInput = builder.inputType('TraceMappingInput', {
  description: 'Names of the fields of a record; a dot reaches into an object or a list.',
  fields: (t) => ({
    prompt: t.string({ description: 'What was asked; `prompt` without it.' }),
    finalAnswer: t.string({ description: 'The answer; `final_answer` without it.' }),
    steps: t.string({
      description: 'A list of texts or of objects with `content`, or a text of lines; `steps`.',
    }),
    traceVersion: t.string({ description: 'Its version; "1.0" is stored without it.' }),
    meta: t.stringList({ description: 'Fields to keep in `meta`.' }),
  }),
});

const TraceMapping = builder.objectRef<TraceMappingShape>('TraceMapping').implement({
  description: 'Names of the fields of a record that make a trace.',
  fields: (t) => ({
    prompt: t.exposeString('prompt', { nullable: true, description: 'What was asked.' }),
    finalAnswer: t.exposeString('finalAnswer', { nullable: true, description: 'The answer.' }),
    steps: t.exposeString('steps', { nullable: true, description: 'The steps.' }),
    traceVersion: t.exposeString('traceVersion', { nullable: true, description: 'The version.' }),
    meta: t.stringList({
      description: 'What is kept in `meta`.',
      resolve: ({ meta }) => meta ?? [],
    }),
  }),
});

const ParsedTrace = builder.objectRef<TracePayload>('ParsedTrace').implement({
  description: 'A trace as it would be stored.',
  fields: (t) => ({
    traceVersion: t.exposeString('trace_version', { description: 'Version of its format.' }),
    prompt: t.exposeString('prompt', { description: 'What was asked.' }),
    finalAnswer: t.exposeString('final_answer', { description: 'The final answer.' }),
    steps: t.field({ type: [TraceStep], description: 'The steps.', resolve: ({ steps }) => steps }),
    meta: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Whatever else there is.',
      resolve: ({ meta }) => meta,
    }),
  }),
});

const ImportPreviewRow = builder.objectRef<PreviewRow>('ImportPreviewRow').implement({
  description: 'One record of a preview.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Line number, or number of the element, from 1.' }),
    shape: t.expose('shape', { type: TraceShape, description: 'What it is.' }),
    trace: t.field({
      type: ParsedTrace,
      nullable: true,
      description: 'What would be stored; null when it would be refused.',
      resolve: ({ trace }) => trace,
    }),
    issues: t.field({
      type: [ImportIssue],
      description: 'Every rule it breaks.',
      resolve: ({ issues }) => issues,
    }),
  }),
});

const ImportPreview = builder.objectRef<ImportPreviewShape>('ImportPreview').implement({
  description: 'What an import would make of the beginning of a file.',
  fields: (t) => ({
    format: t.expose('format', { type: ImportFormat, description: 'How it is laid out.' }),
    fields: t.exposeStringList('fields', {
      description: 'Names of the fields that are there, at most 100.',
    }),
    shape: t.expose('shape', { type: TraceShape, description: 'What most records are.' }),
    suggestedMapping: t.field({
      type: TraceMapping,
      nullable: true,
      description: 'A guess by the names of the fields, when no record makes a trace as it is.',
      resolve: ({ suggestedMapping }) => suggestedMapping,
    }),
    rows: t.field({
      type: [ImportPreviewRow],
      description: 'The first 20 records.',
      resolve: ({ rows }) => rows,
    }),
  }),
});

builder.queryFields((t) => ({
  importPreview: t.field({
    type: ImportPreview,
    description: 'Reads the beginning of a file exactly as an import would, and stores nothing.',
    authScopes: { scope: 'READ' },
    args: {
      sample: t.arg.string({
        required: true,
        description: 'The beginning of the file: at most 262 144 characters.',
      }),
      format: t.arg({ type: ImportFormat, description: 'How it is laid out; AUTO.' }),
      mapping: t.arg({ type: TraceMappingInput, description: 'Which field is what.' }),
    },
    resolve: (_root, { sample, format, mapping }, { app }) =>
      previewImport(app, { sample, format, mapping }),
  }),
}));
