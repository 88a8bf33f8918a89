/** Where a sign-in leads. Only to pages of this site: the address may come from anybody. */
import { paths } from '../paths.ts';

const OUTSIDE = [paths.signIn(), paths.invitation()];

/** The whole address of the page to go to, the first page where `next` is none of ours. */
export function nextPage(next: string | null, origin: string): string {
  const home = `${origin}${paths.home()}`;
  if (!next?.startsWith('/')) return home;
  const url = URL.parse(next, origin);
  // Whole, not its path: of `/.//other.org` that alone would be the address of another site.
  return url?.origin === origin && !OUTSIDE.includes(url.pathname) ? url.href : home;
}
