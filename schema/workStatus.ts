import type { WorkStatus as WorkStatusValue } from '../prisma/generated/client/enums.ts';
import { builder } from './builder.ts';

export const WorkStatus = builder.enumType('WorkStatus', {
  description: 'Where a piece of background work stands. COMPLETED and FAILED are final.',
  values: {
    PENDING: { description: 'Waits for a runner.' },
    RUNNING: { description: 'A runner is at it.' },
    COMPLETED: { description: 'It is done.' },
    FAILED: { description: 'It could not be done; see `error`.' },
  } satisfies Record<WorkStatusValue, object>,
});
