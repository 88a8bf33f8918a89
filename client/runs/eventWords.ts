/** Events of a run as sentences. What is not in a sentence stays in the data of the event. */
import { formatCount, formatScore, plural } from '../lib/format.ts';
import type { RunEventLine } from './eventStore.ts';

type Facts = Readonly<Record<string, unknown>>;

const isFacts = (data: unknown): data is Facts =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** ` at step 30`, when a step is known. */
const atStep = ({ step }: Facts) =>
  number(step) === undefined ? '' : ` at step ${formatCount(number(step) ?? 0)}`;

/** `: the reason`, when there is one. */
const why = ({ reason }: Facts) => (word(reason) ? `: ${word(reason)}` : '');

const PARENTS: Readonly<Record<string, string>> = {
  RETRY: 'as a retry of',
  RESUME: 'to go on from',
  CLONE: 'as a clone of',
};

function queued(facts: Facts): string {
  const parent = number(facts.parent);
  const kind = PARENTS[word(facts.parentKind) ?? ''];
  if (parent === undefined || !kind) return 'Queued';
  const step = number(facts.resumeStep);
  return `Queued ${kind} #${parent}${step === undefined ? '' : `, step ${formatCount(step)}`}`;
}

function dataReady({ train, eval: held, test, total_steps: steps }: Facts): string {
  const parts = [
    [train, 'to train on'],
    [held, 'to evaluate on'],
    [test, 'to test on'],
  ].flatMap(([count, use]) =>
    typeof count === 'number' ? [`${formatCount(count)} ${String(use)}`] : [],
  );
  const all = number(steps) === undefined ? '' : `; ${plural(number(steps) ?? 0, 'step')} in all`;
  return `Data is ready${parts.length > 0 ? `: ${parts.join(', ')}` : ''}${all}`;
}

function predictions(facts: Facts): string {
  const [done, total] = [number(facts.done), number(facts.total)];
  const split = word(facts.split)?.toLowerCase();
  if (done === 0) return `Answers held-out prompts${split ? ` (${split})` : ''}${atStep(facts)}`;
  const count =
    total === undefined ? '' : ` ${formatCount(done ?? total)} of ${formatCount(total)}`;
  return `Answered${count} held-out prompts${split ? ` (${split})` : ''}${atStep(facts)}`;
}

function evaluated(facts: Facts): string {
  const side = word(facts.evaluationSetKey) ?? word(facts.split)?.toLowerCase();
  const score = number(facts.score);
  return [
    'Evaluated',
    ...(side ? [`on ${side}`] : []),
    ...(word(facts.judge) ? [`by ${word(facts.judge)}`] : []),
    ...(score === undefined ? [] : [`with a score of ${formatScore(score)}`]),
  ].join(' ');
}

/** What happened, in one sentence without a full stop. */
export function eventWords(event: Pick<RunEventLine, 'kind' | 'data'>): string {
  const facts = isFacts(event.data) ? event.data : {};
  switch (event.kind) {
    case 'QUEUED':
      return queued(facts);
    case 'CLAIMED':
      return 'A runner took it';
    case 'STARTED':
      return 'The training process started';
    case 'DATA_READY':
      return dataReady(facts);
    case 'RESTORED':
      return number(facts.step) === 0
        ? 'Training begins at the first step'
        : `Goes on from the checkpoint${atStep(facts)}`;
    case 'PROGRESS':
      return `Progress${atStep(facts)}`;
    case 'CHECKPOINT':
      return `Checkpoint saved${atStep(facts)}`;
    case 'PREDICTIONS':
      return predictions(facts);
    case 'EXPORTED':
      return 'The model was exported';
    case 'ARTIFACTS':
      return 'Files were stored';
    case 'EVALUATED':
      return evaluated(facts);
    case 'CANCEL_REQUESTED':
      return word(facts.mode) === 'SAVE' ? 'Asked to stop and save' : 'Asked to stop now';
    case 'PRIORITY_CHANGED':
      return `Priority changed from ${String(facts.from)} to ${String(facts.to)}`;
    case 'ATTEMPT_LOST':
      return `The attempt was lost${why(facts)}`;
    case 'ATTEMPT_RELEASED':
      return `The runner gave it back${why(facts)}`;
    case 'ATTEMPT_FAILED':
      // Whether another follows is said by the next event.
      return `The attempt failed${why(facts)}`;
    case 'ARCHIVED':
      return 'Archived';
    case 'UNARCHIVED':
      return 'Put back from the archive';
    case 'COMPLETED':
      return 'Completed';
    case 'FAILED':
      return `Failed${why(facts)}`;
    case 'TIMEOUT':
      return `Timed out${why(facts)}`;
    case 'CANCELLED':
      return `Cancelled${why(facts)}`;
  }
}
