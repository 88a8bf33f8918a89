import type { FindingSeverity as FindingSeverityValue } from '../prisma/generated/client/enums.ts';
import { builder } from './builder.ts';

/** How bad something is that a check or a validation found. */
export const FindingSeverity = builder.enumType('FindingSeverity', {
  description: 'How bad it is.',
  values: {
    ERROR: { description: 'It spoils what it is found in.' },
    WARNING: { description: 'It is allowed, and probably not meant.' },
  } satisfies Record<FindingSeverityValue, object>,
});
