/** Numbers and times as the UI writes them. Pure: the present is an argument. */
import { timeZone } from './timeZone.ts';

const counts = new Intl.NumberFormat('en-US');
const dates = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone,
});
const NONE = '–';

export const formatCount = (value: number): string => counts.format(value);
export const formatDate = (iso: string): string => dates.format(new Date(iso));

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

export function formatBytes(bytes: string | number): string {
  const size = Number(bytes);
  if (size < 1024) return `${size} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = size / 1024;
  let unit = 0;
  // 1023.95 would print as "1024.0 KiB"
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Two units at most: 45 s, 3 m 20 s, 2 h 5 m, 4 d 1 h. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  if (seconds < 0) return NONE;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (whole < 86_400) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function formatAgo(iso: string, now: number): string {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  // Clocks of server and browser differ; "in 2 s" would be noise.
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A metric: four significant digits, exponent only where it reads better. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return counts.format(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

export const formatPercent = (fraction: number | null | undefined, digits = 1): string =>
  fraction === null || fraction === undefined ? NONE : `${(fraction * 100).toFixed(digits)} %`;

/** A score of 0–100: whole where it is whole, else one digit. */
export const formatScore = (score: number | null | undefined): string =>
  score === null || score === undefined ? NONE : String(Number(score.toFixed(1)));

export const formatSigned = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined
    ? NONE
    : `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(digits)}`;

export const shortHash = (hash: string): string => hash.replace(/^sha256:/, '').slice(0, 12);

/** One shell line from an argument array, quoted only where a shell needs it. */
export const shellLine = (argv: readonly string[]): string =>
  argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
