/**
 * What can go wrong because of the request or the world, as opposed to a bug. A service throws one
 * of these, the GraphQL field lists it, the user reads its message. Everything else is masked.
 */
export abstract class DomainError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One violated rule of an input. */
export type Issue = {
  /** Where, from the input object inwards: `['hyperparameters', 'batchSize']`. */
  path: string[];
  /** Stable, upper case: `TOO_LONG`, `UNKNOWN_FIELD`, … */
  code: string;
  message: string;
  /** The limit that was passed, as text. */
  limit?: string;
  /** What was found instead, as text. */
  found?: string;
};

/** The input breaks rules; every violation is listed. */
export class ValidationError extends DomainError {
  readonly issues: Issue[];
  constructor(issues: Issue[]) {
    super(issues.map((issue) => issue.message).join(' '));
    this.issues = issues;
  }
}

/** The named thing does not exist. The message says how to find one that does. */
export class NotFoundError extends DomainError {
  readonly resource: string;
  constructor(resource: string, message: string) {
    super(message);
    this.resource = resource;
  }
}

/** Something else already has this name. */
export class ConflictError extends DomainError {
  readonly resource: string;
  readonly existingId: string | undefined;
  constructor(resource: string, message: string, existingId?: string) {
    super(message);
    this.resource = resource;
    this.existingId = existingId;
  }
}

/** The thing exists, but is in a state in which this cannot be done. */
export class InvalidStateError extends DomainError {
  readonly status: string;
  constructor(message: string, status: string) {
    super(message);
    this.status = status;
  }
}

/** The thing cannot go, because others refer to it; the first of them are named. */
export class InUseError extends DomainError {
  readonly resource: string;
  /** Keys of datasets. */
  readonly datasets: string[];
  /** Numbers of runs. */
  readonly runs: number[];
  constructor(resource: string, message: string, users: { datasets: string[]; runs: number[] }) {
    super(message);
    this.resource = resource;
    this.datasets = users.datasets;
    this.runs = users.runs;
  }
}

/** Something outside the request is missing: Python, a runner. `remedy` says what to do. */
export class UnavailableError extends DomainError {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(`${message} ${remedy}`);
    this.remedy = remedy;
  }
}
