import { hash, verify } from '@node-rs/argon2';
import { limited } from '../lib/limited.ts';

/** What OWASP names first for Argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Many who sign in at once wait for each other instead of filling the memory. */
const inTurn = limited(4);

/** Hash of a password, in PHC form. */
export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(password, OPTIONS));

/** Of a password that nobody knows: it is computed once, when it is first needed. */
let nobodys: Promise<string> | undefined;

/** One that could not be computed is computed again for the next who needs it. */
const nobodysHash = (): Promise<string> => {
  nobodys ??= hashPassword(crypto.randomUUID()).catch((error: unknown) => {
    nobodys = undefined;
    throw error;
  });
  return nobodys;
};

/**
 * Whether a password is the one behind a hash. Takes as long without a hash, so that nobody learns
 * from the time whether an email is known.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const against = stored ?? (await nobodysHash());
  const matches = await inTurn(() => verify(against, password));
  return matches && stored !== null;
}
