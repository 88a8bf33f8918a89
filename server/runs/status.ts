import type { RunStatus } from '../../prisma/generated/client/enums.ts';

/**
 *   PENDING → RUNNING → COMPLETED | FAILED | TIMEOUT | CANCELLED
 *      │         └────→ PENDING        (the attempt was lost or released; another will resume)
 *      └──────────────→ CANCELLED
 */
const allowedFrom = {
  cancel: ['PENDING', 'RUNNING'],
  setPriority: ['PENDING'],
  evaluate: ['COMPLETED'],
  retry: ['FAILED', 'TIMEOUT', 'CANCELLED'],
  resume: ['FAILED', 'TIMEOUT', 'CANCELLED'],
  archive: ['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'],
} as const satisfies Record<string, readonly RunStatus[]>;

export type RunAction = keyof typeof allowedFrom;

/** The statuses in which an action is possible, for conditions of the database. */
export const statusesFor = (action: RunAction): RunStatus[] => [...allowedFrom[action]];

export const runCan = (action: RunAction, status: RunStatus): boolean =>
  statusesFor(action).includes(status);

/** A final status never changes again. */
export const isFinal = (status: RunStatus): boolean => status !== 'PENDING' && status !== 'RUNNING';
