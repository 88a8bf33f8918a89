import type { Pool } from 'pg';
import type { WorkStatus } from '../../../prisma/generated/client/enums.ts';
import type { App } from '../../app.ts';
import { followState } from '../../lib/follow.ts';
import { CODES, type FindingCode, SEVERITY, type Summary } from './model.ts';

export type FindingCount = {
  code: FindingCode;
  severity: (typeof SEVERITY)[FindingCode];
  /** All, stored or not. */
  found: number;
  /** Of the stored ones. */
  waived: number;
};

/** How often each rule was broken, all rules in their order; [] before the check is complete. */
export async function countFindings(
  sql: Pool,
  check: { id: string; status: WorkStatus; summary: unknown },
): Promise<FindingCount[]> {
  if (check.status !== 'COMPLETED') return [];
  const { rows } = await sql.query<{ code: string; waived: number }>(
    `SELECT finding.code, count(*) AS waived FROM findings finding
     JOIN dataset_checks "check" ON "check".id = finding.check_id
     JOIN finding_waivers waiver ON waiver.dataset_id = "check".dataset_id
       AND waiver.fingerprint = finding.fingerprint
     WHERE finding.check_id = $1 GROUP BY finding.code`,
    [check.id],
  );
  const waived = new Map(rows.map((row) => [row.code, row.waived]));
  const { found } = check.summary as Summary;
  return CODES.map((code) => ({
    code,
    severity: SEVERITY[code],
    found: found[code] ?? 0,
    waived: waived.get(code) ?? 0,
  }));
}

/** Ids of the stored findings of a check that are waived: at most 9 × MAX_STORED. */
export async function waivedFindingIds(sql: Pool, checkId: string): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT finding.id FROM findings finding
     JOIN dataset_checks "check" ON "check".id = finding.check_id
     JOIN finding_waivers waiver ON waiver.dataset_id = "check".dataset_id
       AND waiver.fingerprint = finding.fingerprint
     WHERE finding.check_id = $1`,
    [checkId],
  );
  return rows.map(({ id }) => id);
}

/** Follows a check: its id now, then at each change, until it has ended. */
export const followCheck = (app: Pick<App, 'db' | 'bell'>, id: string) =>
  followState(
    () => app.bell.listen(`check:${id}`),
    async () => {
      const check = await app.db.datasetCheck.findUnique({
        where: { id },
        select: { status: true },
      });
      if (!check) return null;
      const { status } = check;
      return { value: { id }, state: status, isOver: isOver(status) };
    },
  );

/** Whether work will not go on. */
const isOver = (status: WorkStatus): boolean => status === 'COMPLETED' || status === 'FAILED';
