import type { Pool } from 'pg';

export type DiffKind = 'ADDED' | 'REMOVED' | 'CHANGED' | 'MOVED';

/** One difference, by the positions of the items; ADDED has no `from`, REMOVED no `to`. */
export type DiffEntry = { kind: DiffKind; from: number | null; to: number | null };

export type DiffCounts = Record<DiffKind | 'SAME', number>;

/** The order of entries: what replaces something first, then what comes, goes, and moves. */
export const DIFF_KINDS: readonly DiffKind[] = ['CHANGED', 'ADDED', 'REMOVED', 'MOVED'];

// Items that one dataset has and the other has not, numbered within their prompt: the nth that
// went and the nth that came of one prompt are one change.
const onlyIn = (own: string, other: string) => `
  SELECT item.position, trace.prompt_hash,
         row_number() OVER (PARTITION BY trace.prompt_hash
                            ORDER BY trace.content_hash COLLATE "C") AS nth
  FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
  WHERE item.dataset_id = ${own}
    AND NOT EXISTS (SELECT FROM dataset_items twin
                    WHERE twin.dataset_id = ${other} AND twin.trace_id = item.trace_id)`;

const ENTRIES = `
  SELECT CASE WHEN gone.position IS NULL THEN 1 WHEN come.position IS NULL THEN 2 ELSE 0 END AS rank,
         gone.position AS "from", come.position AS "to"
  FROM (${onlyIn('$1', '$2')}) AS gone
  FULL JOIN (${onlyIn('$2', '$1')}) AS come USING (prompt_hash, nth)
  UNION ALL
  SELECT 3, item.position, twin.position
  FROM dataset_items item
  JOIN dataset_items twin ON twin.trace_id = item.trace_id AND twin.dataset_id = $2
  WHERE item.dataset_id = $1 AND item.split <> twin.split`;

/** How many items differ between two datasets in which way, and how many are the same. */
export async function countDiff(sql: Pool, from: string, to: string): Promise<DiffCounts> {
  const counts: DiffCounts = { ADDED: 0, REMOVED: 0, CHANGED: 0, MOVED: 0, SAME: 0 };
  const differing = await sql.query<{ rank: number; count: number }>(
    `SELECT rank, count(*)::int AS count FROM (${ENTRIES}) AS entries GROUP BY rank`,
    [from, to],
  );
  for (const { rank, count } of differing.rows) {
    const kind = DIFF_KINDS[rank];
    if (kind) counts[kind] = count;
  }
  const same = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM dataset_items item
     JOIN dataset_items twin ON twin.trace_id = item.trace_id AND twin.dataset_id = $2
     WHERE item.dataset_id = $1 AND item.split = twin.split`,
    [from, to],
  );
  counts.SAME = same.rows[0]?.count ?? 0;
  return counts;
}

/** Where an entry stands: its kind by number, then its position in `to`, else in `from`. */
export type DiffPlace = { rank: number; position: number };

export const placeOf = ({ kind, from, to }: DiffEntry): DiffPlace => ({
  rank: DIFF_KINDS.indexOf(kind),
  position: to ?? from ?? 0,
});

/** One page of the differences after a place; `hasMore` says whether others follow. */
export async function readDiff(
  sql: Pool,
  datasets: { from: string; to: string },
  page: { kinds: readonly DiffKind[]; after: DiffPlace | null; first: number },
): Promise<{ entries: DiffEntry[]; hasMore: boolean }> {
  const { rows } = await sql.query<{ rank: number; from: number | null; to: number | null }>(
    `SELECT * FROM (${ENTRIES}) AS entries
     WHERE rank = ANY($3::int[]) AND (rank, coalesce("to", "from")) > ($4::int, $5::int)
     ORDER BY rank, coalesce("to", "from") LIMIT $6`,
    [
      datasets.from,
      datasets.to,
      page.kinds.map((kind) => DIFF_KINDS.indexOf(kind)),
      page.after?.rank ?? -1,
      page.after?.position ?? -1,
      page.first + 1,
    ],
  );
  const entries = rows.slice(0, page.first).flatMap(({ rank, from, to }): DiffEntry[] => {
    const kind = DIFF_KINDS[rank];
    return kind ? [{ kind, from, to }] : [];
  });
  return { entries, hasMore: rows.length > page.first };
}
