import type { IncomingMessage } from 'node:http';

/**
 * The address that is asked for; null for what is none. Whatever begins with a slash is a path: what
 * follows two of them would otherwise be taken for the name of a host, and the rest for the path.
 */
export function addressOf({ url = '/' }: Pick<IncomingMessage, 'url'>): URL | null {
  return URL.parse(url.startsWith('/') ? `http://localhost${url}` : url, 'http://localhost');
}
