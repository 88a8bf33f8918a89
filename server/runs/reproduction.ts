/** How a run that repeats another differs from it, as far as stored rows tell. */
import type { Pool } from 'pg';
import type { App } from '../app.ts';
import { isFinal } from './status.ts';

/** The same thing of both runs; null where one does not have it. */
type Both<T> = { name: string; original: T | null; reproduction: T | null };

export type ReproductionDiff = {
  /** Config, model, dataset and evaluation set, by their digest. */
  configEqual: boolean;
  /** Versions of Tunix and its parts that are not the same. */
  versions: Both<string>[];
  /** Last value of each training curve, then the score on each board. */
  metrics: (Both<number> & { delta: number | null })[];
  /** By kind of file; `equal` when all have the same paths and bytes. */
  weights: { kind: 'CHECKPOINT' | 'EXPORT'; files: number; different: number; equal: boolean }[];
  /** Whether the final models wrote the same texts; null when there are none. */
  predictionsEqual: boolean | null;
};

/** Null for a run that repeats none, and until it has ended. */
export async function readReproduction(
  app: Pick<App, 'db' | 'sql'>,
  id: string,
): Promise<ReproductionDiff | null> {
  const run = await app.db.run.findUnique({ where: { id }, include: { reproduces: true } });
  const original = run?.reproduces;
  if (!run || !original || !isFinal(run.status)) return null;
  const [before, now] = [original, run];
  return {
    configEqual: before.configHash === now.configHash,
    versions: differing(await versionsOf(app, before), await versionsOf(app, now)),
    metrics: await metricsOf(app.sql, before.id, now.id),
    weights: await weightsOf(app.sql, before, now),
    predictionsEqual: await samePredictions(app.sql, before.id, now.id),
  };
}

type Versions = Record<string, string | null>;

async function versionsOf(
  app: Pick<App, 'db'>,
  { id, epoch }: { id: string; epoch: number },
): Promise<Versions> {
  const attempt = await app.db.runAttempt.findUnique({
    where: { runId_epoch: { runId: id, epoch } },
    select: { runtime: true },
  });
  return (attempt?.runtime as { versions?: Versions } | null)?.versions ?? {};
}

function differing(original: Versions, reproduction: Versions): Both<string>[] {
  const names = [...new Set([...Object.keys(original), ...Object.keys(reproduction)])].sort();
  return names
    .map((name) => ({
      name,
      original: original[name] ?? null,
      reproduction: reproduction[name] ?? null,
    }))
    .filter((both) => both.original !== both.reproduction);
}

const lastValues = `WITH last AS (
  SELECT DISTINCT ON (run_id, name) run_id, name, value FROM metric_points
  WHERE run_id IN ($1, $2) ORDER BY run_id, name, step DESC, attempt DESC
), scores AS (
  SELECT e.run_id, b.judge || '@' || b.judge_version || coalesce(' on ' || b.split, '') || ' score' AS name,
    e.value, e.board_id
  FROM board_entries e JOIN boards b ON b.id = e.board_id
  WHERE e.run_id IN ($1, $2) AND e.metric = 'score' AND e.pick = 'LATEST'
), every AS (
  SELECT run_id, name, value, 0 AS board_id FROM last UNION ALL SELECT run_id, name, value, board_id FROM scores
)
SELECT name, min(value) FILTER (WHERE run_id = $1) AS original,
  min(value) FILTER (WHERE run_id = $2) AS reproduction
FROM every GROUP BY board_id, name ORDER BY board_id, name`;

async function metricsOf(sql: Pool, original: string, reproduction: string) {
  const { rows } = await sql.query<Both<number>>(lastValues, [original, reproduction]);
  return rows.map((row) => {
    const [before, now] = [finite(row.original), finite(row.reproduction)];
    const delta = before === null || now === null ? null : now - before;
    return { name: row.name, original: before, reproduction: now, delta };
  });
}

/** A diverged loss has no difference to anything. */
const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

type Attempt = { id: string; epoch: number };

async function weightsOf(sql: Pool, original: Attempt, reproduction: Attempt) {
  const { rows } = await sql.query<Omit<ReproductionDiff['weights'][number], 'equal'>>(
    `SELECT coalesce(a.kind, b.kind) AS kind, count(*)::int AS files,
       count(*) FILTER (WHERE a.sha256 IS DISTINCT FROM b.sha256)::int AS different
     FROM (SELECT * FROM artifacts WHERE run_id = $1 AND attempt = $2) a
     FULL JOIN (SELECT * FROM artifacts WHERE run_id = $3 AND attempt = $4) b
       ON a.path = b.path AND a.kind = b.kind
     WHERE coalesce(a.kind, b.kind) IN ('CHECKPOINT', 'EXPORT')
       -- Which checkpoints are stored depends on time, too; what both have is compared.
       AND (a.step = b.step OR coalesce(a.kind, b.kind) = 'EXPORT')
     GROUP BY 1 ORDER BY 1`,
    [original.id, original.epoch, reproduction.id, reproduction.epoch],
  );
  return rows.map((row) => ({ ...row, equal: row.different === 0 }));
}

async function samePredictions(sql: Pool, original: string, reproduction: string) {
  const { rows } = await sql.query<{ same: boolean | null }>(
    `SELECT bool_and(a.text IS NOT DISTINCT FROM b.text) AS same
     FROM (SELECT * FROM predictions WHERE run_id = $1 AND step = 0) a
     FULL JOIN (SELECT * FROM predictions WHERE run_id = $2 AND step = 0) b
       ON coalesce(a.trace_id, a.set_item_id) = coalesce(b.trace_id, b.set_item_id)
         AND coalesce(a.split::text, '') = coalesce(b.split::text, '')`,
    [original, reproduction],
  );
  return rows[0]?.same ?? null;
}
