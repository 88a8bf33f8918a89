/** The numbers of a check in sentences, in the unit of its metric. */
import { probability } from '../evaluations/pairedWords.ts';
import { formatMetric, formatSigned, plural } from '../lib/format.ts';

type Numbers = {
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  deltaPercent: number | null;
  itemCount: number | null;
  worseCount: number | null;
  betterCount: number | null;
  pValue: number | null;
  minDetectable: number | null;
  interval: { low: number; high: number } | null;
};

export function checkNumbers(check: Numbers): string {
  const { delta, deltaPercent, interval, itemCount, pValue, minDetectable } = check;
  const parts: string[] = [];
  if (delta !== null) {
    const percent = deltaPercent === null ? '' : ` (${formatSigned(deltaPercent, 1)} %)`;
    const range = interval
      ? `, interval ${formatSigned(interval.low)} to ${formatSigned(interval.high)}`
      : '';
    parts.push(
      `${formatMetric(check.candidateValue)} instead of ${formatMetric(check.baselineValue)}: ${formatSigned(delta)}${percent}${range}.`,
    );
  }
  if (itemCount !== null) {
    const p = pValue === null ? '' : `, ${probability(pValue)}`;
    parts.push(
      `${plural(itemCount, 'paired item')}: ${check.worseCount ?? 0} worse, ${check.betterCount ?? 0} better${p}.`,
    );
  }
  if (minDetectable !== null) {
    parts.push(`The smallest difference so many items show: ${formatMetric(minDetectable)}.`);
  }
  return parts.join(' ');
}
