import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { cancelEvaluation, resumeEvaluation } from '../server/evaluations/cancel.ts';
import { requestEvaluation } from '../server/evaluations/evaluate.ts';
import { followEvaluation } from '../server/evaluations/progress.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { localId } from './ids.ts';
import { nothing } from './phases.ts';
import { Split } from './split.ts';

const EvaluateRunInput = builder.inputType('EvaluateRunInput', {
  description: 'Which run to judge, and how.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a completed run.' }),
    judge: t.string({
      description:
        '`name` for its newest version, or `name@version`; answer_correctness if absent.',
    }),
    split: t.field({
      type: Split,
      description:
        "A side of the dataset. Without it and evaluationSetKey the run's evaluation set, or TEST.",
    }),
    evaluationSetKey: t.string({
      description: 'The evaluation set of the run, by key, instead of a split.',
    }),
    endpoint: t.string({
      description:
        'For a judge that needs one: one of `judgeEndpoints`, by name. The only one if absent.',
    }),
    step: t.int({
      description:
        'Judges the predictions of the checkpoint of this training step; 0, the final model, if absent.',
    }),
  }),
});

const payload = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      evaluation: t.prismaField({
        type: 'Evaluation',
        description: 'The evaluation.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.evaluation.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

const EvaluateRunPayload = payload(
  'EvaluateRunPayload',
  'The evaluation that was asked for; it is pending.',
);
const CancelEvaluationPayload = payload(
  'CancelEvaluationPayload',
  'The evaluation, which is cancelled.',
);
const ResumeEvaluationPayload = payload(
  'ResumeEvaluationPayload',
  'The evaluation, which is pending again.',
);

const CancelEvaluationInput = builder.inputType('CancelEvaluationInput', {
  description: 'Which evaluation to stop.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of an evaluation.' }) }),
});

const ResumeEvaluationInput = builder.inputType('ResumeEvaluationInput', {
  description: 'Which evaluation to go on with.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of an evaluation.' }) }),
});

builder.mutationFields((t) => ({
  evaluateRun: t.field({
    type: EvaluateRunPayload,
    description: 'Judges the stored predictions of a run once more. Earlier evaluations stay.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: {
      input: t.arg({ type: EvaluateRunInput, required: true, description: 'Which run, and how.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What evaluateRun answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      requestEvaluation(app, { ...input, runId: idOf('Run', input.runId) }),
  }),
  cancelEvaluation: t.field({
    type: CancelEvaluationPayload,
    description: 'Stops an evaluation that waits or runs. What was judged stays.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: {
      input: t.arg({ type: CancelEvaluationInput, required: true, description: 'Which one.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What cancelEvaluation answers.' },
    },
    resolve: (_root, { input }, { app }) => cancelEvaluation(app, idOf('Evaluation', input.id)),
  }),
  resumeEvaluation: t.field({
    type: ResumeEvaluationPayload,
    description:
      'Goes on with an evaluation that failed or was cancelled. Only items that are missing or could ' +
      'not be judged are judged again.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: {
      input: t.arg({ type: ResumeEvaluationInput, required: true, description: 'Which one.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What resumeEvaluation answers.' },
    },
    resolve: (_root, { input }, { app }) => resumeEvaluation(app, idOf('Evaluation', input.id)),
  }),
}));

builder.subscriptionFields((t) => ({
  evaluationChanged: t.prismaField({
    type: 'Evaluation',
    description:
      'The evaluation now, then at each change of its status and counts. Ends by itself when it is ' +
      'completed, failed or cancelled.',
    authScopes: { scope: 'READ' },
    args: { id: t.arg.id({ required: true, description: 'The `id` of an evaluation.' }) },
    subscribe: (_root, args, { app }) => {
      const id = localId('Evaluation', args.id);
      return id ? followEvaluation(app, id) : nothing<{ id: string }>();
    },
    resolve: (query, { id }: { id: string }, _args, { app }) =>
      app.db.evaluation.findUniqueOrThrow({ ...query, where: { id } }),
  }),
}));
