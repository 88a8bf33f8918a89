import type { Config } from '../config.ts';

/**
 * The address of one of our pages for somebody else: at PUBLIC_URL, or else where the request came to,
 * whose host the guard has checked.
 */
export function linkTo(
  { http, publicUrl }: Pick<Config, 'http' | 'publicUrl'>,
  path: string,
  requested = `http://${http.host}:${http.port}`,
): string {
  // What listens on every address is reached on this machine by its own.
  const { origin } = new URL(
    requested.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]'),
  );
  return `${publicUrl ?? origin}${path}`;
}
