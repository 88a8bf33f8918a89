import type { Pool, PoolClient, QueryConfig } from 'pg';
import { ValidationError } from '../errors.ts';
import { bind, type TraceFilter, traceConditions } from '../traces/filter.ts';
import type { Exclude, Recipe } from './model.ts';
import { PLACE, type SideCounts, sideCounts } from './split.ts';

/** How many traces a filter matches. */
export async function countMatching(
  sql: Pool | PoolClient,
  filter: TraceFilter,
  exclude: readonly string[] = [],
): Promise<number> {
  const params: unknown[] = [];
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM traces t WHERE ${whereOf(filter, exclude, params)}`,
    params,
  );
  return rows[0]?.count ?? 0;
}

function whereOf(filter: TraceFilter, exclude: readonly string[], params: unknown[]): string {
  const conditions = traceConditions(filter, params);
  if (exclude.length > 0) {
    conditions.push(`t.content_hash <> ALL(${bind(params, exclude)}::bpchar[])`);
  }
  return conditions.join(' AND ') || 'true';
}

const NAMED = {
  traceIds: 'SELECT id, content_hash FROM traces WHERE id = ANY($1)',
  findingIds: `SELECT f.id, t.content_hash FROM findings f JOIN traces t ON t.id = f.trace_id
    WHERE f.id = ANY($1)`,
} as const;

/**
 * The content hashes of what is to be left out.
 * @throws ValidationError naming each id that nothing has.
 */
export async function resolveExclude(sql: Pool, exclude: Exclude): Promise<string[]> {
  const hashes = [...(exclude.contentHashes ?? [])];
  for (const field of ['traceIds', 'findingIds'] as const) {
    const ids = exclude[field] ?? [];
    if (ids.length === 0) continue;
    const found = await sql.query<{ id: string; content_hash: string }>(NAMED[field], [ids]);
    const hashOf = new Map(found.rows.map((row) => [row.id, row.content_hash]));
    const missing = ids.flatMap((id, index) => (hashOf.has(id.toLowerCase()) ? [] : [index]));
    if (missing.length > 0) {
      const what = field === 'traceIds' ? 'trace' : 'finding';
      throw new ValidationError(
        missing.map((index) => ({
          path: ['exclude', field, String(index)],
          code: 'NOT_FOUND',
          message: `exclude.${field}.${index}: there is no such ${what}. Remove it.`,
        })),
      );
    }
    hashes.push(...hashOf.values());
  }
  if (exclude.checkId) hashes.push(...(await openFindings(sql, exclude.checkId, exclude.codes)));
  return hashes;
}

/** The content hashes of the traces of the findings of a check that nobody accepted. */
async function openFindings(
  sql: Pool,
  checkId: string,
  codes: Exclude['codes'],
): Promise<string[]> {
  const check = await sql.query('SELECT FROM dataset_checks WHERE id = $1', [checkId]);
  if (check.rowCount === 0) {
    const message = 'exclude.checkId: there is no such check. Take one of `checks` of a dataset.';
    throw new ValidationError([{ path: ['exclude', 'checkId'], code: 'NOT_FOUND', message }]);
  }
  const { rows } = await sql.query<{ hash: string }>(
    `SELECT DISTINCT trace.content_hash AS hash
     FROM findings finding
     JOIN dataset_checks "check" ON "check".id = finding.check_id
     JOIN traces trace ON trace.id = finding.trace_id
     WHERE finding.check_id = $1 AND ($2::text[] IS NULL OR finding.code = ANY($2))
       AND NOT EXISTS (SELECT FROM finding_waivers waiver
         WHERE waiver.dataset_id = "check".dataset_id AND waiver.fingerprint = finding.fingerprint)`,
    [checkId, codes ?? null],
  );
  return rows.map(({ hash }) => hash);
}

/** What is known of a selection: how many items stand where, and figures over them. */
export type Selected = {
  taken: number;
  /** Places in the order of prompts where TRAIN and EVAL end; what is beyond is TEST. */
  bounds: SideCounts;
  stats: Stats | null;
};

export type Stats = {
  avgStepCount: number;
  minStepCount: number;
  maxStepCount: number;
  avgTotalChars: number;
};

// On the connection of the transaction alone, gone when it ends. Content, seed and fractions decide
// `position` and `prompt_rank`, nothing that differs from one database to the next.
const TABLE = `CREATE TEMP TABLE selection (
  position int PRIMARY KEY, trace_id uuid NOT NULL, content_hash char(64) NOT NULL,
  prompt_rank int NOT NULL, place float8 NOT NULL, step_count int NOT NULL, total_chars int NOT NULL
) ON COMMIT DROP`;

/**
 * Selects into the temporary table `selection`, numbered in the order of the dataset. LATEST takes
 * the newest and orders them by content hash, because the time of storing differs from machine to
 * machine; RANDOM takes and orders by a hash of seed and content. Its one long
 * statement may take `patience` milliseconds, without it as long as any other.
 */
export async function select(
  client: PoolClient,
  recipe: Recipe,
  patience?: number,
): Promise<Selected> {
  await client.query(TABLE);
  if (patience) await client.query(`SET LOCAL statement_timeout = ${patience}`);
  const params: unknown[] = [];
  const where = whereOf(recipe.filter, recipe.exclude, params);
  const isRandom = recipe.strategy === 'RANDOM';
  const drawn = isRandom
    ? `sha256(convert_to(${bind(params, recipe.seed)}::text || ':' || t.content_hash, 'UTF8'))`
    : `''::bytea`;
  const text = `INSERT INTO selection
     SELECT row_number() OVER (ORDER BY drawn, content_hash COLLATE "C") - 1, id, content_hash,
            dense_rank() OVER (ORDER BY place, prompt_hash COLLATE "C"), place,
            step_count, total_chars
     FROM (
       SELECT t.id, t.content_hash, t.prompt_hash, t.step_count, t.total_chars, ${drawn} AS drawn,
              ${PLACE('t.prompt_hash')} AS place
       FROM traces t WHERE ${where}
       ORDER BY ${isRandom ? 'drawn, t.content_hash COLLATE "C"' : 't.created_at DESC, t.id DESC'}
       LIMIT ${bind(params, recipe.limit)}
     ) AS taken`;
  const statement: LongQuery = {
    text,
    values: params,
    ...(patience && { query_timeout: patience }),
  };
  await client.query(statement);
  return figuresOf(client, recipe);
}

/** The driver takes a limit for one statement; its types do not know. */
type LongQuery = QueryConfig & { query_timeout?: number };

type Figures = Stats & { taken: number; prompts: number; beforeEval: number; beforeTest: number };

async function figuresOf(client: PoolClient, { split }: Recipe): Promise<Selected> {
  const { rows } = await client.query<Figures>(
    `SELECT count(*)::int AS taken, coalesce(max(prompt_rank), 0) AS prompts,
       coalesce(max(prompt_rank) FILTER (WHERE place < $1), 0) AS "beforeEval",
       coalesce(max(prompt_rank) FILTER (WHERE place < $2), 0) AS "beforeTest",
       round(avg(step_count), 2)::float8 AS "avgStepCount",
       min(step_count) AS "minStepCount", max(step_count) AS "maxStepCount",
       round(avg(total_chars), 2)::float8 AS "avgTotalChars"
     FROM selection`,
    [split.train, split.train + split.eval],
  );
  const [found] = rows;
  if (!found) throw new Error('an aggregate without a row');
  const { taken, prompts, beforeEval, beforeTest, ...stats } = found;
  const natural = {
    TRAIN: beforeEval,
    EVAL: beforeTest - beforeEval,
    TEST: prompts - beforeTest,
  };
  return { taken, bounds: sideCounts(natural, split), stats: taken > 0 ? stats : null };
}

/** The side of a row of `selection`; the parameters are counts of prompts on TRAIN and EVAL. */
export const SIDE = (train: string, evaluation: string) =>
  `CASE WHEN prompt_rank <= ${train}::int THEN 'TRAIN'
        WHEN prompt_rank <= ${train}::int + ${evaluation}::int THEN 'EVAL' ELSE 'TEST' END`;

/** How many items stand on each side. */
export async function countSides(client: PoolClient, bounds: SideCounts): Promise<SideCounts> {
  const { rows } = await client.query<{ side: keyof SideCounts; count: number }>(
    `SELECT ${SIDE('$1', '$2')} AS side, count(*)::int AS count FROM selection GROUP BY 1`,
    [bounds.TRAIN, bounds.EVAL],
  );
  const counts = { TRAIN: 0, EVAL: 0, TEST: 0 };
  for (const { side, count } of rows) counts[side] = count;
  return counts;
}
