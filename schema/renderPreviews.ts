import { NotFoundError, ValidationError } from '../server/errors.ts';
import type { Rendered } from '../server/renderPreviews/model.ts';
import { followPreview, renderedOf, whyWaiting } from '../server/renderPreviews/read.ts';
import { renderChatMl } from '../server/renderPreviews/render.ts';
import { requestPreview } from '../server/renderPreviews/request.ts';
import type { TracePayload } from '../server/traces/model.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { localId } from './ids.ts';
import { nothing } from './phases.ts';
import { WorkStatus } from './workStatus.ts';

type Token = Rendered['tokens'][number] & { kept: boolean };

const RenderToken = builder.objectRef<Token>('RenderToken').implement({
  description: 'One token of a rendered text.',
  fields: (t) => ({
    id: t.exposeInt('id', { description: 'Its number in the vocabulary.' }),
    text: t.exposeString('text', {
      description:
        'Its part of the text; all of them together are the text. Of a character that takes several ' +
        'tokens the first has it and the others are empty.',
    }),
    loss: t.exposeBoolean('loss', {
      description: 'Whether the model learns to write it: the completion and the end of turn.',
    }),
    kept: t.exposeBoolean('kept', { description: 'Whether it is one of the first `maxTokens`.' }),
  }),
});

const STATE = { status: true, result: true } as const;

builder.prismaNode('RenderPreview', {
  id: { field: 'id' },
  nullable: true,
  description:
    'The exact text a trace becomes for a model, its tokens, and which of them carry loss.',
  fields: (t) => ({
    trace: t.relation('trace', { description: 'The trace.' }),
    modelId: t.exposeString('modelId', { description: 'The model whose tokens these are.' }),
    maxTokens: t.exposeInt('maxTokens', {
      description: 'How many tokens an example may have: `maxSeqLength` of a run.',
    }),
    status: t.expose('status', { type: WorkStatus, description: 'Where it stands.' }),
    waitingFor: t.string({
      nullable: true,
      description: 'Why it is not there yet and what to do about it; null once it has ended.',
      select: STATE,
      resolve: (preview, _args, { app }) => whyWaiting(app, preview),
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed, a sentence.' }),
    text: t.string({
      description:
        'The text, with the end of turn. Until it is completed, rendered in ChatML, the template of ' +
        "the built-in model and of Qwen3; then by the model's own template, which may differ.",
      select: { ...STATE, trace: { select: { payload: true } } },
      resolve: (preview) =>
        renderedOf(preview)?.text ?? renderChatMl(preview.trace.payload as TracePayload),
    }),
    tokens: t.field({
      type: [RenderToken],
      nullable: true,
      description: 'The first 8192 tokens; null until it is completed.',
      select: { ...STATE, maxTokens: true },
      resolve: (preview) =>
        renderedOf(preview)?.tokens.map((token, index) => ({
          ...token,
          kept: index < preview.maxTokens,
        })) ?? null,
    }),
    tokenCount: t.int({
      nullable: true,
      description: 'All tokens, prompt and completion; null until it is completed.',
      select: STATE,
      resolve: (preview) => renderedOf(preview)?.tokenCount ?? null,
    }),
    truncated: t.boolean({
      nullable: true,
      description:
        'Whether it has more than `maxTokens`. Training then leaves the trace out as a whole: cut, ' +
        'it would teach to stop before the answer. Null until it is completed.',
      select: { ...STATE, maxTokens: true },
      resolve: (preview) => {
        const rendered = renderedOf(preview);
        return rendered && rendered.tokenCount > preview.maxTokens;
      },
    }),
    lossTokens: t.int({
      nullable: true,
      description: 'How many of all tokens carry loss, if it fits; null until it is completed.',
      select: STATE,
      resolve: (preview) => renderedOf(preview)?.lossTokens ?? null,
    }),
    tokenizerNote: t.string({
      nullable: true,
      description:
        'Of what the built-in model learned its tokenizer here: each of its runs learns its own. ' +
        'Null for other models.',
      select: STATE,
      resolve: (preview) => noteOf(renderedOf(preview)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed or failed.',
    }),
  }),
});

function noteOf(rendered: Rendered | null): string | null {
  if (!rendered?.tokenizer) return null;
  if (rendered.tokenizer.from === 'TRACE') {
    return 'The tokenizer is learned from this trace alone, as no dataset to train on has it.';
  }
  const { datasetKey } = rendered.tokenizer;
  return `The tokenizer is learned from the training side of ${datasetKey}, as in a run on it.`;
}

const RenderTraceInput = builder.inputType('RenderTraceInput', {
  description: 'Which trace to render, and for which model.',
  fields: (t) => ({
    traceId: t.id({ required: true, description: 'The `id` of a trace.' }),
    modelId: t.string({ required: true, description: 'The `id` of a model.' }),
    maxTokens: t.int({ required: true, description: '1–32 768: `maxSeqLength` of the run.' }),
  }),
});

const RenderTracePayload = builder.objectRef<{ id: string }>('RenderTracePayload').implement({
  description: 'The preview; its text is there at once, its tokens when a runner has made them.',
  fields: (t) => ({
    preview: t.prismaField({
      type: 'RenderPreview',
      description: 'The preview.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.renderPreview.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

builder.prismaObjectFields('Trace', (t) => ({
  viewerCanRender: t.boolean({
    description: 'Whether you may have it rendered.',
    resolve: (_trace, _args, { actor }) => actor.scopes.has('DATASETS_WRITE'),
  }),
}));

builder.mutationFields((t) => ({
  renderTrace: t.field({
    type: RenderTracePayload,
    description:
      'Shows a trace as a training sees it. The same question again answers with the same preview.',
    authScopes: { scope: 'DATASETS_WRITE' },
    args: {
      input: t.arg({ type: RenderTraceInput, required: true, description: 'Which, and how.' }),
    },
    errors: {
      types: [NotFoundError, ValidationError],
      union: { description: 'What renderTrace answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      requestPreview(app, { ...input, traceId: idOf('Trace', input.traceId) }),
  }),
}));

builder.subscriptionFields((t) => ({
  renderPreviewChanged: t.prismaField({
    type: 'RenderPreview',
    description: 'The preview now, then at each change. Ends by itself when it has ended.',
    authScopes: { scope: 'READ' },
    args: { id: t.arg.id({ required: true, description: 'The `id` of a preview.' }) },
    subscribe: (_root, args, { app }) => {
      const id = localId('RenderPreview', args.id);
      return id ? followPreview(app, id) : nothing<{ id: string }>();
    },
    resolve: (query, { id }: { id: string }, _args, { app }) =>
      app.db.renderPreview.findUniqueOrThrow({ ...query, where: { id } }),
  }),
}));
