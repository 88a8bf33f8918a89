/** Turns measurements into a table for people and JSON for later comparison. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { ratio, type Sample, type Spread, summarise } from './stats.ts';

/** One subject doing one thing once. */
export type Measurement = { case: string; subject: string; sample: Sample };

/** The figure that counts for a case. */
export type Headline = { figure: string; better: 'higher' | 'lower' };

export type WorkloadReport = {
  name: string;
  /** What was done, in a sentence, sizes included. */
  what: string;
  /** What could not be measured here, and why. */
  skipped: string[];
  /** What was found right before any figure was believed. */
  checks: string[];
  /** Busy cores before each round, of whatever else ran. */
  busyBefore: number[];
  rows: Row[];
};

export type Row = {
  case: string;
  subject: string;
  headline: Headline;
  figures: Record<string, Spread>;
  /** `ours` against this subject, above 1 is better; absent for ours. */
  ratio?: Spread;
  rounds: Sample[];
};

/** Groups what all rounds measured by case and subject, in the order they first appeared. */
export function rowsOf(
  measurements: readonly Measurement[],
  headlineOf: (name: string) => Headline,
): Row[] {
  const groups = Map.groupBy(measurements, (m) => JSON.stringify([m.case, m.subject]));
  const figureOf = (name: string, subject: string, figure: string) =>
    measurements
      .filter((m) => m.case === name && m.subject === subject)
      .map(({ sample }) => sample[figure] ?? Number.NaN);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const headline = headlineOf(first.case);
    const ours = figureOf(first.case, 'ours', headline.figure);
    const theirs = figureOf(first.case, first.subject, headline.figure);
    const comparable = first.subject !== 'ours' && ours.length > 0;
    const rounds = group.map(({ sample }) => sample);
    return [
      {
        case: first.case,
        subject: first.subject,
        headline,
        figures: summarise(rounds),
        ...(comparable && { ratio: ratio(ours, theirs, headline.better) }),
        rounds,
      },
    ];
  });
}

/** Three digits that matter. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000)
    return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}

/** The table of one workload. */
export function tableOf(report: WorkloadReport): string {
  const others = [...new Set(report.rows.flatMap(({ figures }) => Object.keys(figures)))].filter(
    (name) => !['count', 'seconds', 'ratio', 'serverCpuS', 'postgresCpuS'].includes(name),
  );
  const head = ['case', 'subject', 'headline', 'median', 'min–max', 'ours is', ...others];
  const lines = report.rows.map((row) => {
    const main = row.figures[row.headline.figure];
    return [
      row.case,
      row.subject,
      row.headline.figure,
      main ? short(main.median) : '–',
      main ? `${short(main.min)}–${short(main.max)}` : '–',
      row.ratio ? `${short(row.ratio.median)}×` : '',
      ...others.map((name) => {
        const figure = row.figures[name];
        return figure ? short(figure.median) : '';
      }),
    ];
  });
  const widths = head.map((_, column) =>
    Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: string[]) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    `${report.name}: ${report.what}`,
    '',
    print(head),
    ...lines.map(print),
    '',
    ...report.checks.map((line) => `checked: ${line}`),
    ...report.skipped.map((line) => `skipped: ${line}`),
    `busy cores of others before each round: ${report.busyBefore.map(short).join(', ')}`,
  ].join('\n');
}

/** Writes `<date>-<commit>.json` into the folder and answers its path. */
export async function writeResults(
  dir: string,
  machine: Machine,
  options: Record<string, unknown>,
  workloads: WorkloadReport[],
): Promise<string> {
  await mkdir(dir, { recursive: true });
  const at = new Date().toISOString();
  const path = join(dir, `${at.slice(0, 19).replaceAll(':', '')}-${machine.commit}.json`);
  await writeFile(path, `${JSON.stringify({ at, machine, options, workloads }, null, 2)}\n`);
  return path;
}
