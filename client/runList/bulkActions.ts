/** What can be done with several runs at once, in words, and with which of them. */
import type { RunRow } from './runRows.ts';

export type BulkAction = 'cancel' | 'retry' | 'archive' | 'restore';

type Words = {
  name: string;
  means: string;
  done: string;
  failed: string;
  passedOver: string;
  can: (run: RunRow) => boolean;
};

export const BULK: Record<BulkAction, Words> = {
  cancel: {
    name: 'Stop',
    means: 'Runs that wait leave the queue. Runs that train end, with a checkpoint if you want.',
    done: 'asked to stop',
    failed: 'could not be stopped',
    passedOver: 'already ended',
    can: (run) => run.viewerCanCancel,
  },
  retry: {
    name: 'Retry',
    means: 'Each gets a new run with the same configuration; the old one stays as it is.',
    done: 'queued again',
    failed: 'could not be queued again',
    passedOver: 'cannot be retried',
    can: (run) => run.viewerCanRetry,
  },
  archive: {
    name: 'Archive',
    means: 'They leave this list and stay in boards and provenance. Nothing is deleted.',
    done: 'archived',
    failed: 'could not be archived',
    passedOver: 'cannot be archived',
    can: (run) => run.viewerCanArchive && run.archivedAt === null,
  },
  restore: {
    name: 'Restore',
    means: 'They stand in the list again.',
    done: 'restored',
    failed: 'could not be restored',
    passedOver: 'not archived',
    can: (run) => run.archivedAt !== null,
  },
};
