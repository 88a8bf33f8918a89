/** In which time zone times are written: the browser's, unless a person chose otherwise. */
import { reloadPage } from './reloadPage.ts';

const KEY = 'tunix-rt-time-zone';

/** Undefined is the one of the browser. Read once: whoever changes it loads the page again. */
export const timeZone: 'UTC' | undefined =
  typeof window !== 'undefined' && localStorage.getItem(KEY) === 'UTC' ? 'UTC' : undefined;

export function chooseTimeZone(zone: 'UTC' | undefined): void {
  if (zone) localStorage.setItem(KEY, zone);
  else localStorage.removeItem(KEY);
  reloadPage();
}
