/** What people type when they are invited, sign in, or make a key. */
import { z } from 'zod';
import { text } from '../lib/text.ts';
import { ALL_SCOPES, ROLES } from './scopes.ts';

/** In lower case, as it is stored: an address is one person's however it is written. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'is not an email address, as in ada@example.org' }));

export const Name = z.string().trim().pipe(text(1, 128));

export const Role = z.enum(ROLES);

/** Length is what counts; which characters is nobody's business. */
const Password = z.string().min(10).max(128);

/** A new password of somebody: every rule that it must keep. */
export const passwordFor = (email: string) =>
  Password.refine((password) => password.toLowerCase() !== email, {
    error: 'is the email address. Choose what nobody can look up',
  });

export const ScopeName = z.enum(ALL_SCOPES);
