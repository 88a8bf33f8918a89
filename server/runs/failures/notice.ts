/** What should be known of a run at work, before it fails. */
import type { RunStatus } from '../../../prisma/generated/client/enums.ts';
import type { Db } from '../../db.ts';
import type { RunConfig } from '../model.ts';
import { STALL_SECONDS, stalledSeconds } from './stall.ts';

export type RunNotice = {
  /** What it would have failed of, were it to end so. */
  code: 'COMPILE_STALL';
  /** A sentence for people. */
  message: string;
  /** What to do. */
  remedy: string;
};

type Run = { id: string; status: RunStatus; config: Partial<RunConfig> };

/** The notice on a run; null for one that is not at work, or works as it should. */
export async function noticeOf(db: Db, { id, status, config }: Run): Promise<RunNotice | null> {
  if (status !== 'RUNNING') return null;
  const seconds = await stalledSeconds(db, id);
  if (seconds === null || seconds < STALL_SECONDS) return null;
  const length = config.hyperparameters?.maxSeqLength;
  return {
    code: 'COMPILE_STALL',
    message: `No step for ${Math.floor(seconds / 60)} min: it compiles, or is stalled.`,
    remedy:
      'Look at the log. If nothing moves there, cancel the run and clone it with a smaller ' +
      `hyperparameters.maxSeqLength${length ? ` (it was ${length})` : ''}, which compiles faster.`,
  };
}
