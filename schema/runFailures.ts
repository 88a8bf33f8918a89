import { remedyOf, titleOf } from '../server/runs/failures/failureAdvice.ts';
import {
  FAILURE_CODES,
  type FailureCode as FailureCodeValue,
} from '../server/runs/failures/failureRules.ts';
import { similarTo } from '../server/runs/failures/failures.ts';
import { type RunNotice as Notice, noticeOf } from '../server/runs/failures/notice.ts';
import type { RunConfig } from '../server/runs/model.ts';
import { builder } from './builder.ts';

export const FailureCode = builder.enumType('FailureCode', {
  description: 'What kind of failure ended a run.',
  values: {
    OUT_OF_MEMORY: { description: 'Device or machine had no memory left.' },
    NAN_LOSS: { description: 'Its loss became NaN or infinite.' },
    MISSING_TOKEN: { description: 'The hub wants a token, or another one.' },
    BAD_LORA_PATTERN: { description: 'The LoRA pattern fits no module, or is no pattern.' },
    COMPILE_STALL: {
      description: 'The time was over before the first step, minutes after its start.',
    },
    DISK_FULL: { description: 'The disk had no room.' },
    MODEL_NOT_FOUND: { description: 'The model is not there, or none that can be trained.' },
    PYTHON_ENVIRONMENT: { description: 'Python or its packages are missing or broken.' },
    SEQUENCE_TOO_LONG: { description: 'Too few examples fit maxSeqLength to fill a batch.' },
    CHECKPOINT_MISMATCH: {
      description: 'The checkpoint to go on from is gone, or does not fit the run.',
    },
    RUNNER_LOST: { description: 'The runner was not heard of any more.' },
    KILLED: { description: 'A signal ended the training process.' },
    TIMEOUT: { description: 'The timeout of the run was over.' },
    PYTHON_ERROR: { description: 'The training raised an error of no known kind.' },
    UNKNOWN: { description: 'None of the others.' },
  } satisfies Record<FailureCodeValue, object>,
});

type FailedRun = {
  id: string;
  failureCode: FailureCodeValue;
  failureSignature: string;
  failureDetail: string | null;
  config: Partial<RunConfig>;
  timeoutSeconds: number;
  maxAttempts: number;
};

const isCode = (code: string | null): code is FailureCodeValue =>
  FAILURE_CODES.some((known) => known === code);

const RunFailure = builder.objectRef<FailedRun>('RunFailure').implement({
  description: 'What kind of failure ended a run, and what to do about it.',
  fields: (t) => ({
    code: t.expose('failureCode', { type: FailureCode, description: 'The kind.' }),
    title: t.string({
      description: 'The kind in a few words.',
      resolve: ({ failureCode }) => titleOf(failureCode),
    }),
    remedy: t.string({
      description: 'What to do, with the field to change and the value it had.',
      resolve: (run) => remedyOf(run.failureCode, run),
    }),
    detail: t.exposeString('failureDetail', {
      nullable: true,
      description: 'The line of error or log that decided; at most 500 characters.',
    }),
    signature: t.exposeString('failureSignature', {
      description: 'Equal for failures whose line is the same but for numbers, paths and ids.',
    }),
    similarRuns: t.prismaField({
      type: ['Run'],
      description: 'Other runs of the same signature, newest first.',
      args: { first: t.arg.int({ description: 'At most this many: 1–50; 5.' }) },
      complexity: ({ first }) => ({ field: 1, multiplier: first ?? 5 }),
      resolve: (query, run, { first }, { app }) =>
        app.db.run.findMany({
          ...query,
          where: similarTo(run),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: Math.min(50, Math.max(1, first ?? 5)),
        }),
    }),
    similarCount: t.int({
      description: 'How many other runs have the same signature.',
      resolve: (run, _args, { app }) => app.db.run.count({ where: similarTo(run) }),
    }),
  }),
});

const RunNotice = builder.objectRef<Notice>('RunNotice').implement({
  description: 'Something to look at while a run is at work.',
  fields: (t) => ({
    code: t.expose('code', {
      type: FailureCode,
      description: 'What it would have failed of, were it to end so.',
    }),
    message: t.exposeString('message', { description: 'What is the matter, in a sentence.' }),
    remedy: t.exposeString('remedy', {
      description: 'What to do, with the field to change and the value it had.',
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  notice: t.field({
    type: RunNotice,
    nullable: true,
    description:
      'What to look at while it is at work: COMPILE_STALL when its training process has run for five ' +
      'minutes without a step. Null when nothing is the matter.',
    select: { id: true, status: true, config: true },
    resolve: ({ config, ...run }, _args, { app }) =>
      noticeOf(app.db, { ...run, config: config as Partial<RunConfig> }),
  }),
  failure: t.field({
    type: RunFailure,
    nullable: true,
    description: 'What kind of failure ended it; null unless it is FAILED or TIMEOUT.',
    select: {
      id: true,
      failureCode: true,
      failureSignature: true,
      failureDetail: true,
      config: true,
      timeoutSeconds: true,
      maxAttempts: true,
    },
    resolve: ({ failureCode, failureSignature, config, ...run }) =>
      isCode(failureCode) && failureSignature
        ? { ...run, failureCode, failureSignature, config: config as Partial<RunConfig> }
        : null,
  }),
}));
