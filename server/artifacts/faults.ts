import { UnavailableError } from '../errors.ts';

/** The store cannot be used now: away, full or misconfigured. The same again may work later. */
export class StoreAwayError extends UnavailableError {
  constructor(message: string, remedy: string) {
    super(message, remedy);
    // It is one for the API, too, which knows the names of its errors.
    this.name = 'UnavailableError';
  }
}

/** An object is not there, or its bytes are not those its name stands for. */
export class BrokenObjectError extends Error {
  constructor(sha256: string, found: string) {
    super(`The object ${sha256} of the artifact store ${found}.`);
    this.name = 'BrokenObjectError';
  }
}
