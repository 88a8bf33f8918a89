/** A run as people name it. */
import { ask, Refused, type Target } from './ask.ts';

/** What the API takes for a number or an id of a run. */
export const runVariables = (ref: string): { number: number } | { id: string } =>
  /^\d{1,9}$/.test(ref) ? { number: Number(ref) } : { id: ref };

/** A run as the commands show it. */
export type Run = {
  id: string;
  number: number;
  name: string | null;
  status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TIMEOUT';
  mode: string;
  modelId: string;
  dataset: { key: string } | null;
  error: string | null;
  exitCode: number | null;
  durationSeconds: number | null;
  lastLogSeq: string;
  evaluations: { id: string; status: string; score: number | null; judge: { ref: string } }[];
};

/** To be asked of a run as `...CliRun`. */
export const RUN = `fragment CliRun on Run {
  id number name status mode modelId dataset { key } error exitCode durationSeconds lastLogSeq
  evaluations { id status score judge { ref } }
}`;

/**
 * A run by its number or id.
 * @throws Unreachable, Refused with code NOT_FOUND
 */
export async function findRun(target: Target, ref: string): Promise<Run> {
  const { run } = await ask<{ run: Run | null }>(
    target,
    `${RUN} query CliRun($id: ID, $number: Int) { run(id: $id, number: $number) { ...CliRun } }`,
    runVariables(ref),
  );
  if (!run) throw new Refused(`There is no run ${ref}.`, 'NOT_FOUND');
  return run;
}

/** A run in a sentence. */
export function describeRun(run: Run): string {
  const { number, name, status, durationSeconds, error } = run;
  const time = durationSeconds === null ? '' : ` after ${durationSeconds.toFixed(0)} s`;
  const why = error === null ? '' : `: ${error.replace(/\.$/, '')}`;
  return `Run ${number}${name === null ? '' : ` (${name})`} ${status}${time}${why}.`;
}
