/** When a line was stored, as the viewer writes it. */
import { timeZone } from '../lib/timeZone.ts';

export const TIME_MODES = ['hidden', 'relative', 'absolute'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

const clock = new Intl.DateTimeFormat('en-GB', {
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone,
});

const two = (value: number) => String(value).padStart(2, '0');

/** `at` since `origin` as +h:mm:ss.s, or as day and time of the reader's clock. */
export function rowTime(mode: TimeMode, at: string, origin: string | null): string {
  if (mode === 'hidden' || at === '') return '';
  if (mode === 'absolute' || origin === null) return clock.format(new Date(at)).replace(',', '');
  const tenths = Math.round((Date.parse(at) - Date.parse(origin)) / 100);
  const size = Math.abs(tenths);
  const [hours, minutes] = [Math.floor(size / 36_000), Math.floor(size / 600) % 60];
  const seconds = `${two(Math.floor(size / 10) % 60)}.${size % 10}`;
  return `${tenths < 0 ? '−' : '+'}${hours}:${two(minutes)}:${seconds}`;
}
