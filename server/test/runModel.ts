/**
 * What a run does, said once more in the simplest way: no database, no time, no other process. Tests
 * do the same to the real thing and compare. An operation of a holder names its epoch, as the real
 * ones do; that of an epoch that is over must change nothing.
 */

type Ending = 'COMPLETED' | 'FAILED' | 'TIMEOUT' | 'CANCELLED' | 'LOST' | 'RELEASED';

export type Operation =
  | { do: 'claim' | 'expire' | 'reap' | 'retry' }
  | { do: 'renew'; epoch: number }
  | { do: 'log'; epoch: number; text: string }
  | { do: 'metric'; epoch: number; points: number }
  | { do: 'cancel'; mode: 'SAVE' | 'NOW' }
  | { do: 'finish'; epoch: number; as: Ending };

export type RunModel = {
  status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'TIMEOUT' | 'CANCELLED';
  epoch: number;
  failedAttempts: number;
  maxAttempts: number;
  retryOnFailure: boolean;
  cancelMode: 'SAVE' | 'NOW' | null;
  /** Whether the lease of the current attempt is over. */
  lapsed: boolean;
  /** Statuses of the attempts, by epoch. */
  attempts: ('RUNNING' | Ending)[];
  /** Kind and attempt of each event. */
  events: string[];
  /** Lines of the log, each with the attempt that wrote it. */
  log: string[];
  /** The attempt of each metric point. */
  points: number[];
  /** Runs that retry this one. */
  children: number;
};

/** A run that was just queued. */
export const queued = (maxAttempts: number, retryOnFailure: boolean): RunModel => ({
  status: 'PENDING',
  epoch: 0,
  failedAttempts: 0,
  maxAttempts,
  retryOnFailure,
  cancelMode: null,
  lapsed: false,
  attempts: [],
  events: ['QUEUED 0'],
  log: [],
  points: [],
  children: 0,
});

/** What the operation makes of the run, and what it answers. */
export function apply(before: RunModel, operation: Operation): [after: RunModel, answer: string] {
  const run = structuredClone(before);
  const say = (kind: string) => run.events.push(`${kind} ${run.epoch}`);
  const holds = 'epoch' in operation && operation.epoch === run.epoch && run.status === 'RUNNING';
  if ('epoch' in operation && !holds) return [run, 'lease lost'];
  switch (operation.do) {
    case 'claim':
      if (run.status !== 'PENDING') return [run, 'none'];
      run.status = 'RUNNING';
      run.epoch += 1;
      run.lapsed = false;
      run.attempts.push('RUNNING');
      say('CLAIMED');
      return [run, `epoch ${run.epoch}`];
    case 'renew':
      run.lapsed = false;
      return [run, `cancel ${run.cancelMode}`];
    case 'expire':
      if (run.status === 'RUNNING') run.lapsed = true;
      return [run, 'done'];
    case 'log':
      run.log.push(...operation.text.split('\n').map((line) => `${run.epoch} ${line}`));
      return [run, 'done'];
    case 'metric':
      run.points.push(...Array<number>(operation.points).fill(run.epoch));
      return [run, 'done'];
    case 'reap':
      if (run.status !== 'RUNNING' || !run.lapsed) return [run, '0'];
      end(run, 'LOST', say);
      return [run, '1'];
    case 'finish':
      end(run, operation.as, say);
      return [run, 'done'];
    case 'cancel':
      return [run, cancel(run, operation.mode, say)];
    case 'retry':
      if (!['FAILED', 'TIMEOUT', 'CANCELLED'].includes(run.status)) return [run, 'refused'];
      run.children += 1;
      return [run, 'done'];
    default:
      return operation satisfies never;
  }
}

/** The current attempt ends; the run ends with it or waits for another. */
function end(run: RunModel, as: Ending, say: (kind: string) => void): void {
  run.attempts[run.epoch - 1] = as;
  if (as === 'LOST' || as === 'RELEASED' || (as === 'FAILED' && run.retryOnFailure)) {
    if (as !== 'RELEASED') run.failedAttempts += 1;
    say(`ATTEMPT_${as}`);
    if (run.cancelMode) run.status = 'CANCELLED';
    else run.status = run.failedAttempts >= run.maxAttempts ? 'FAILED' : 'PENDING';
    if (run.status !== 'PENDING') say(run.status);
  } else {
    run.status = as;
    say(as);
  }
}

/** A user wants the run to end. */
function cancel(run: RunModel, mode: 'SAVE' | 'NOW', say: (kind: string) => void): string {
  if (run.status === 'CANCELLED') return 'done';
  if (run.status === 'PENDING') {
    run.status = 'CANCELLED';
    run.cancelMode = mode;
    say('CANCELLED');
    return 'done';
  }
  if (run.status !== 'RUNNING') return 'refused';
  if (run.cancelMode === null || (run.cancelMode === 'SAVE' && mode === 'NOW')) {
    run.cancelMode = mode;
    say('CANCEL_REQUESTED');
  }
  return 'done';
}
