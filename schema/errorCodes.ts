/** The codes of expected errors. Apart from their types, so that the builder can use them. */
import type { DomainError } from '../server/errors.ts';

const codes = {
  ValidationError: 'VALIDATION',
  NotFoundError: 'NOT_FOUND',
  ConflictError: 'CONFLICT',
  InvalidStateError: 'INVALID_STATE',
  InUseError: 'IN_USE',
  UnavailableError: 'UNAVAILABLE',
} as const;

/** The kind of an expected error, for programs. */
export const codeOf = (error: DomainError) => codes[error.name as keyof typeof codes];
