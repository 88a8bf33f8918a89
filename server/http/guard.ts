/**
 * Who may talk to this server at all. A browser page of another site could otherwise reach it
 * through a rebound name or an open socket; both betray themselves by Host and Origin.
 */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

export type Refusal = {
  status: 403 | 421;
  reason: 'REFUSED_HOST' | 'REFUSED_ORIGIN';
  message: string;
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** Why a request is refused before anything else looks at it, or null. */
export function refusalOf(
  request: Pick<IncomingMessage, 'headers'>,
  config: Pick<Config, 'http'>,
): Refusal | null {
  const { host, origin } = request.headers;
  const allowed = [...LOOPBACK, ...config.http.allowedHosts.map((name) => name.toLowerCase())];
  if (!host || !allowed.includes(nameOf(host))) {
    const message = 'This host name is not served here. Add it to ALLOWED_HOSTS if it should be.';
    return { status: 421, reason: 'REFUSED_HOST', message };
  }
  // Only browsers send it, and they send it truly; our own page has our own host.
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
    const message = 'Pages of other sites may not use this server.';
    return { status: 403, reason: 'REFUSED_ORIGIN', message };
  }
  if (isFromElsewhere(request.headers)) {
    const message = 'Pages of other sites may not use this server.';
    return { status: 403, reason: 'REFUSED_ORIGIN', message };
  }
  return null;
}

/**
 * Whether a browser says that a page of another site or port asks. A link that somebody follows here is
 * no such thing: it opens a page of ours, without the cookie.
 */
function isFromElsewhere({
  'sec-fetch-site': site,
  'sec-fetch-mode': mode,
}: IncomingMessage['headers']): boolean {
  return (site === 'cross-site' || site === 'same-site') && mode !== 'navigate';
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return null;
  }
}
