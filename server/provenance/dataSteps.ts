import type { Pool } from 'pg';
import type { Db } from '../db.ts';
import { digestOfLines, type Step } from './step.ts';

type Needs = { db: Db; sql: Pool };

/** Traces and sources that are named; counts and digests are over all of them. */
const SAMPLE = 5;
const SOURCES = 50;

/** A dataset with the one it was made from, then its traces in their order, then their sources. */
export async function datasetSteps(app: Needs, id: string): Promise<Step[] | null> {
  const dataset = await app.db.dataset.findUnique({ where: { id }, include: { parent: true } });
  if (!dataset) return null;
  const { key, contentHash, recipe, provenance, parent } = dataset;
  const { trainCount, evalCount, testCount } = dataset;
  const made: Step = {
    kind: 'DATASET',
    title: key,
    id,
    digest: contentHash,
    facts: {
      key,
      recipe,
      provenance,
      counts: { TRAIN: trainCount, EVAL: evalCount, TEST: testCount },
      parent: parent && { key: parent.key, contentHash: parent.contentHash },
    },
  };
  return [made, await tracesStep(app.sql, id), ...(await sourceSteps(app.sql, 'dataset', id))];
}

async function tracesStep(sql: Pool, datasetId: string): Promise<Step> {
  const { rows } = await sql.query<{ count: number; digest: string; sample: string[] | null }>(
    `SELECT count(*)::int AS count, ${digestOfLines('t.content_hash', 'i.position')} AS digest,
       array_agg(t.content_hash ORDER BY i.position) FILTER (WHERE i.position < ${SAMPLE}) AS sample
     FROM dataset_items i JOIN traces t ON t.id = i.trace_id WHERE i.dataset_id = $1`,
    [datasetId],
  );
  const { count = 0, digest = null, sample = null } = rows[0] ?? {};
  const facts = { count, first: sample ?? [] };
  return { kind: 'TRACES', title: `${count} traces`, id: null, digest, facts };
}

/** One trace and where it came from. */
export async function traceSteps(app: Needs, id: string): Promise<Step[] | null> {
  const trace = await app.db.trace.findUnique({ where: { id } });
  if (!trace) return null;
  const { contentHash, traceVersion, source, promptPreview } = trace;
  const stored: Step = {
    kind: 'TRACE',
    title: promptPreview.slice(0, 80),
    id,
    digest: contentHash,
    facts: { traceVersion, source },
  };
  return [stored, ...(await sourceSteps(app.sql, 'trace', id))];
}

type Source = {
  kind: 'IMPORT' | 'GENERATOR' | 'API';
  importId: string | null;
  name: string | null;
  seed: string | null;
  count: number;
  firstLine: number | null;
  lastLine: number | null;
};

const OF = {
  dataset: 'JOIN dataset_items i ON i.trace_id = t.id WHERE i.dataset_id = $1',
  trace: 'WHERE t.id = $1',
};

// Only what was not imported says in its payload where it came from.
const sources = (of: keyof typeof OF) => `WITH source AS (
  SELECT t.import_session_id, t.import_line,
    CASE WHEN t.import_session_id IS NULL THEN t.payload->'meta' END AS meta
  FROM traces t ${OF[of]}
)
SELECT CASE WHEN s.id IS NOT NULL THEN 'IMPORT' WHEN meta->>'source' = 'ungar' THEN 'GENERATOR'
    ELSE 'API' END AS kind,
  s.id AS "importId",
  CASE WHEN s.id IS NOT NULL THEN s.name
    WHEN meta->>'source' = 'ungar' THEN concat_ws(' ', 'ungar', meta->>'game', meta->>'variant') END AS name,
  CASE WHEN meta->>'source' = 'ungar' THEN meta->>'seed' END AS seed,
  count(*)::int AS count, min(import_line) AS "firstLine", max(import_line) AS "lastLine"
FROM source LEFT JOIN import_sessions s ON s.id = source.import_session_id
GROUP BY 1, 2, 3, 4 ORDER BY count(*) DESC, 1, 2, 3, 4 LIMIT ${SOURCES + 1}`;

async function sourceSteps(sql: Pool, of: keyof typeof OF, id: string): Promise<Step[]> {
  const { rows } = await sql.query<Source>(sources(of), [id]);
  const steps = rows.slice(0, SOURCES).map(sourceStep);
  if (rows.length <= SOURCES) return steps;
  const facts = { note: `only the ${SOURCES} largest sources are named` };
  return [...steps, { kind: 'SOURCE', title: 'Other sources', id: null, digest: null, facts }];
}

function sourceStep({ kind, importId, name, seed, count, firstLine, lastLine }: Source): Step {
  const titles = {
    IMPORT: `Import ${name ?? 'without a name'}, lines ${firstLine}–${lastLine}`,
    GENERATOR: `Generator ${name}, seed ${seed}`,
    API: 'Stored through the API',
  };
  const facts = {
    IMPORT: { source: kind, name, count, firstLine, lastLine },
    GENERATOR: { source: kind, name, count, seed },
    API: { source: kind, count },
  };
  return { kind: 'SOURCE', title: titles[kind], id: importId, digest: null, facts: facts[kind] };
}
