import { expect, it } from 'vitest';
import { eventWords } from './eventWords.ts';

it.each([
  ['QUEUED', {}, 'Queued'],
  ['QUEUED', { parent: 12, parentKind: 'RETRY' }, 'Queued as a retry of #12'],
  [
    'QUEUED',
    { parent: 12, parentKind: 'RESUME', resumeStep: 1500 },
    'Queued to go on from #12, step 1,500',
  ],
  ['CHECKPOINT', { step: 30 }, 'Checkpoint saved at step 30'],
  ['CHECKPOINT', null, 'Checkpoint saved'],
  [
    'DATA_READY',
    { train: 96, eval: 12, test: 12, total_steps: 30 },
    'Data is ready: 96 to train on, 12 to evaluate on, 12 to test on; 30 steps in all',
  ],
  ['DATA_READY', {}, 'Data is ready'],
  ['PREDICTIONS', { split: 'test', done: 0, total: 12 }, 'Answers held-out prompts (test)'],
  [
    'PREDICTIONS',
    { split: 'eval', done: 12, total: 12, step: 30 },
    'Answered 12 of 12 held-out prompts (eval) at step 30',
  ],
  [
    'EVALUATED',
    { split: 'TEST', judge: 'answer_correctness@1', score: 50 },
    'Evaluated on test by answer_correctness@1 with a score of 50',
  ],
  [
    'EVALUATED',
    { evaluationSetKey: 'gsm-1', judge: 'llm@2', score: 2.06 },
    'Evaluated on gsm-1 by llm@2 with a score of 2.1',
  ],
  ['CANCEL_REQUESTED', { mode: 'SAVE' }, 'Asked to stop and save'],
  ['CANCEL_REQUESTED', { mode: 'NOW' }, 'Asked to stop now'],
  ['PRIORITY_CHANGED', { from: 0, to: 5 }, 'Priority changed from 0 to 5'],
  ['ATTEMPT_LOST', { reason: 'Not heard of.' }, 'The attempt was lost: Not heard of.'],
  ['ATTEMPT_FAILED', { reason: 'Bad luck.' }, 'The attempt failed: Bad luck.'],
  ['RESTORED', { step: 0 }, 'Training begins at the first step'],
  ['RESTORED', { step: 1500 }, 'Goes on from the checkpoint at step 1,500'],
  ['FAILED', { reason: 'No memory.' }, 'Failed: No memory.'],
  ['FAILED', ['odd'], 'Failed'],
] as const)('%s %j reads "%s"', (kind, data, words) => {
  expect(eventWords({ kind, data })).toBe(words);
});
