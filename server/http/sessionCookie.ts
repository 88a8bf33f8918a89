import { stringifySetCookie } from 'cookie';
import { SESSION_COOKIE } from '../access/access.ts';
import type { Config } from '../config.ts';

/** As long as browsers keep one at most; the server decides when the session ends. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;

/** `Set-Cookie` with the token of a session; with null, for one that has ended. */
export const sessionCookie = (
  { publicUrl }: Pick<Config, 'publicUrl'>,
  token: string | null,
): string =>
  stringifySetCookie(SESSION_COOKIE, token ?? '', {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl?.startsWith('https:') ?? false,
    maxAge: token === null ? 0 : KEPT_SECONDS,
  });
