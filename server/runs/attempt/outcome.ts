/** How attempts end: what the exit of the training process, or the request that led to it, means. */
import type { AttemptStatus } from '../../../prisma/generated/client/enums.ts';
import { displayable } from '../../lib/text.ts';
import { type Exit, STOPPED } from '../../tunix/process.ts';
import type { StopReason } from './watch.ts';

/** How an attempt ended. LOST and RELEASED give the run another attempt. */
export type Outcome = {
  status: Exclude<AttemptStatus, 'RUNNING'>;
  /** One sentence, for everything but COMPLETED. */
  reason: string | null;
  exitCode: number | null;
  exitSignal: string | null;
};

export const completed: Outcome = {
  status: 'COMPLETED',
  reason: null,
  exitCode: 0,
  exitSignal: null,
};

export const failed = (reason: string): Outcome => ({
  status: 'FAILED',
  reason: displayable(reason),
  exitCode: null,
  exitSignal: null,
});

/**
 * What the end of the training process makes of the attempt.
 * @param reason what asked it to stop.
 * @param last its own last words: what it reported as its error, or the last line of the log.
 * @param shortOfMemory whether the kernel ended a process for lack of memory meanwhile.
 */
export function classify(
  exit: Exit,
  reason: StopReason | null,
  last: string,
  shortOfMemory: boolean,
): Outcome {
  switch (exit.kind) {
    case 'absent':
      return failed(`Python could not be started: ${exit.reason}.`);
    case 'killed': {
      const ended: Outcome = {
        status: 'LOST',
        reason: `The training process was ended by ${exit.signal}${shortOfMemory ? ' for lack of memory' : ''}.`,
        exitCode: null,
        exitSignal: exit.signal,
      };
      return stoppedOr(reason, ended);
    }
    case 'exited': {
      const { code } = exit;
      // It ended well although something asked it to stop: the work is done, the end is the truth.
      if (code === 0) return completed;
      if (code === STOPPED) {
        const why = 'The training process was asked to stop from outside.';
        return stoppedOr(reason, { status: 'LOST', reason: why, exitCode: code, exitSignal: null });
      }
      return stoppedOr(reason, {
        ...failed(`Training failed with exit code ${code}: ${last}`),
        exitCode: code,
      });
    }
    default:
      return exit satisfies never;
  }
}

/** What a requested stop makes of the end it led to; without a request, the end itself. */
export function stoppedOr(reason: StopReason | null, end: Outcome): Outcome {
  switch (reason) {
    case null:
      return end;
    case 'CANCEL_SAVE':
    case 'CANCEL_NOW':
      return { ...end, status: 'CANCELLED', reason: 'Cancelled.' };
    case 'TIMEOUT':
      return { ...end, status: 'TIMEOUT', reason: 'The timeout of the run is over.' };
    case 'SHUTDOWN':
      return { ...end, status: 'RELEASED', reason: 'The runner was stopped.' };
    case 'LEASE_LOST':
      return end;
    default:
      return reason satisfies never;
  }
}
