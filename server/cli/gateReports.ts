/** A check as text for people and as Markdown for the summary of a CI job. */
import { printable } from '../lib/text.ts';
import type { GateCheck, GateSlice } from './gateCheck.ts';

const round = (value: number | null, digits = 6): string =>
  value === null ? '–' : String(Number(value.toPrecision(digits)));

const signed = (value: number | null, digits = 4): string =>
  value !== null && value > 0 ? `+${round(value, digits)}` : round(value, digits);

const percent = (share: number | null): string =>
  share === null ? '–' : `${round(100 * share, 4)} %`;

/** The verdict in words, with what becomes of it. */
export function headline({ verdict, outcome }: Pick<GateCheck, 'verdict' | 'outcome'>): string {
  const words = verdict.replace('_', ' ');
  if (verdict !== 'INCONCLUSIVE') return words;
  if (outcome === 'FAIL') return `${words}, which the policy stops`;
  return outcome === 'WARN'
    ? `${words}: WARNING, let through by the policy`
    : `${words}, let through by the policy`;
}

/** What one part says, as far as anything is known. */
export function describeSlice(slice: GateSlice): string {
  const { items, baselineValue, candidateValue, delta, adjustedP, floor, verdict } = slice;
  const parts: string[] = [];
  if (delta !== null) {
    parts.push(
      `${round(baselineValue)} to ${round(candidateValue)} (${signed(delta)}) over ${items} items, adjusted p = ${round(adjustedP, 3)}: ${verdict}`,
    );
  }
  if (floor) {
    parts.push(
      `accuracy ${percent(floor.accuracy)} of ${floor.items} items, floor ${percent(floor.minimum)}: ${floor.verdict}`,
    );
  }
  return parts.join('; ');
}

const sliceName = ({ by, value }: GateSlice) => `${by.toLowerCase()} ${value}`;

/** For a terminal. */
export function asText(check: GateCheck): string {
  const { baseline, evaluation, reasons, slices } = check;
  const lines = [
    headline(check),
    `${baseline.metric} of run ${evaluation.run.number} against baseline ${baseline.name}, revision ${baseline.revision}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...slices.map((slice) => `  ${sliceName(slice)}: ${describeSlice(slice)}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** Text of others that stays text in Markdown: no markup, no HTML, no new line, no mention. */
export const markdown = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_[\]{}()#+!|~$-]/g, '\\$&');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

/** For the summary of a CI job. */
export function asMarkdown(check: GateCheck): string {
  const { baseline, evaluation, interval, slices } = check;
  const range = interval ? `${signed(interval.low)} to ${signed(interval.high)}` : '–';
  const flips = check.itemCount === null ? '–' : `${check.worseCount} / ${check.betterCount}`;
  const facts: [string, string][] = [
    ['Metric', markdown(baseline.metric)],
    ['Baseline', round(check.baselineValue)],
    ['Candidate', round(check.candidateValue)],
    ['Change', `${signed(check.delta)} (${signed(check.deltaPercent)} %)`],
    [`${round(100 * (1 - check.policy.alpha))} % interval`, range],
    ['Paired items', round(check.itemCount)],
    ['Worse / better', flips],
    ['p', round(check.pValue, 3)],
    ['Least detectable', round(check.minDetectable, 3)],
    ['Decided by', markdown(check.test)],
    ['Judge', markdown(evaluation.judge.ref)],
  ];
  const lines = [
    `### ${markdown(headline(check))}`,
    '',
    `Run ${evaluation.run.number} against baseline **${markdown(baseline.name)}**, revision ${baseline.revision}`,
    '',
    ...table(['', ''], facts),
    '',
    ...check.reasons.map((reason) => `- ${markdown(reason)}`),
  ];
  if (slices.length > 0) lines.push('', ...sliceTable(slices));
  return `${lines.join('\n')}\n`;
}

const sliceTable = (slices: readonly GateSlice[]): string[] =>
  table(
    ['Part', 'Items', 'Baseline', 'Candidate', 'Change', 'Adjusted p', 'Verdict', 'Floor'],
    slices.map((slice) => [
      markdown(sliceName(slice)),
      round(slice.items),
      round(slice.baselineValue),
      round(slice.candidateValue),
      signed(slice.delta),
      round(slice.adjustedP, 3),
      markdown(slice.verdict ?? '–'),
      slice.floor
        ? `${percent(slice.floor.accuracy)} of ${percent(slice.floor.minimum)}: ${markdown(slice.floor.verdict)}`
        : '–',
    ]),
  );
