/** What has to agree before two evaluations can be compared. */
import type { Pool } from 'pg';
import type { Split } from '../../prisma/generated/client/enums.ts';
import { canonicalJson } from '../lib/canonical.ts';

/** One evaluation, as far as it decides what it can be compared with. */
export type Side = {
  id: string;
  status: string;
  /** Content hash of the dataset or evaluation set; those with the same content compare. */
  itemsHash: string;
  /** The side of the dataset; null for an evaluation set. */
  split: Split | null;
  judge: string;
  judgeVersion: number;
  /** What the judge was set up with. */
  settings: Record<string, unknown>;
  metrics: unknown;
};

/** The columns of a `Side`, to be completed with a condition. */
export const selectSides = `
  SELECT e.id, e.status, e.split, e.judge, e.judge_version AS "judgeVersion", e.settings, e.metrics,
         coalesce(s.content_hash, d.content_hash) AS "itemsHash"
  FROM evaluations e
  LEFT JOIN evaluation_sets s ON s.id = e.evaluation_set_id
  LEFT JOIN datasets d ON d.id = e.dataset_id`;

/** An evaluation by its uuid, whatever its status; null when there is none. */
export async function readSide(sql: Pool, id: string): Promise<Side | null> {
  const { rows } = await sql.query<Side>(`${selectSides} WHERE e.id = $1`, [id]);
  return rows[0] ?? null;
}

const judgeOf = ({ judge, judgeVersion }: Side) => `${judge}@${judgeVersion}`;

/** Sentences on what differs in target, judge and judge settings; none when they can be compared. */
export function differencesOf(baseline: Side, candidate: Side): string[] {
  const reasons = targetDifferences(baseline, candidate);
  if (judgeOf(candidate) !== judgeOf(baseline)) {
    reasons.push(
      `The baseline was judged by ${judgeOf(baseline)}, the candidate by ${judgeOf(candidate)}.`,
    );
    return reasons;
  }
  const names = new Set([...Object.keys(baseline.settings), ...Object.keys(candidate.settings)]);
  const write = (value: unknown) => (value === undefined ? 'not set' : canonicalJson(value));
  for (const name of [...names].sort()) {
    const [was, is] = [write(baseline.settings[name]), write(candidate.settings[name])];
    if (was !== is) {
      reasons.push(
        `The judge was set up otherwise: ${name} was ${was} for the baseline, ${is} for the candidate.`,
      );
    }
  }
  return reasons;
}

/** Sentences on what differs in the items that were judged. */
function targetDifferences(baseline: Side, candidate: Side): string[] {
  const isOnSet = baseline.split === null;
  if (isOnSet !== (candidate.split === null)) {
    const [set, split] = isOnSet ? ['baseline', 'candidate'] : ['candidate', 'baseline'];
    return [`The ${set} is of an evaluation set, the ${split} of a split of a dataset.`];
  }
  const reasons: string[] = [];
  if (candidate.itemsHash !== baseline.itemsHash) {
    reasons.push(`The ${isOnSet ? 'evaluation sets' : 'datasets'} differ in content.`);
  }
  if (candidate.split !== baseline.split) {
    reasons.push(
      `The baseline is of split ${baseline.split}, the candidate of ${candidate.split}.`,
    );
  }
  return reasons;
}
