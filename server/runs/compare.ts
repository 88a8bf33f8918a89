/** Several runs side by side: what differs in what they were asked, and what came of it. */
import type { Pool } from 'pg';
import type { App } from '../app.ts';
import { type Issue, NotFoundError, ValidationError } from '../errors.ts';
import { type ConfigDifference, configDifferences } from './differences.ts';
import { type MetricRow, readSeries, type SeriesQuery } from './metricsRead.ts';

const FEWEST = 2;
const MOST = 10;

export type RunComparison = {
  /** In the order asked for. */
  ids: string[];
  differences: ConfigDifference[];
};

/**
 * Compares 2 to 10 runs.
 * @param ids uuids in the order to compare in; null for what is no id of a run.
 * @throws ValidationError for too few, too many or the same run twice; NotFoundError.
 */
export async function compareRuns(
  app: Pick<App, 'db'>,
  ids: readonly (string | null)[],
): Promise<RunComparison> {
  const issue = issueOf(ids);
  if (issue) throw new ValidationError([{ path: ['ids'], ...issue }]);
  const wanted = ids.filter((id) => id !== null);
  const rows = await app.db.run.findMany({
    where: { id: { in: wanted } },
    select: {
      id: true,
      modelId: true,
      config: true,
      dataset: { select: { key: true } },
      evaluationSet: { select: { key: true } },
    },
  });
  const runs = ids.map((id, index) => {
    const run = rows.find((row) => row.id === id);
    if (run) return run;
    const message = `Of the ids, number ${index + 1} is not that of a run. List them with \`runs\`.`;
    throw new NotFoundError('Run', message);
  });
  return { ids: wanted, differences: configDifferences(runs) };
}

function issueOf(ids: readonly (string | null)[]): Omit<Issue, 'path'> | null {
  const found = String(ids.length);
  if (ids.length < FEWEST) {
    const message = `ids: ${found} given, at least ${FEWEST} runs are needed to compare.`;
    return { code: 'TOO_SHORT', message, limit: String(FEWEST), found };
  }
  if (ids.length > MOST) {
    const message = `ids: ${found} given, at most ${MOST} runs are compared at once. Choose some of them.`;
    return { code: 'TOO_LONG', message, limit: String(MOST), found };
  }
  const twice = ids.findIndex((id, index) => id !== null && ids.indexOf(id) !== index);
  if (twice < 0) return null;
  const message = `ids: number ${twice + 1} is a run that was named before. Name each once.`;
  return { code: 'DUPLICATE', message };
}

/** One series of every run that has it, in the order of the runs. */
export type ComparedSeries = { name: string; curves: { runId: string; points: MetricRow[] }[] };

/** The curves of runs by name, read run after run: at a time they would take every connection. */
export async function comparedSeries(
  sql: Pool,
  runIds: readonly string[],
  query: SeriesQuery,
): Promise<ComparedSeries[]> {
  const curves: (ComparedSeries['curves'][number] & { name: string })[] = [];
  for (const runId of runIds) {
    for (const [name, points] of await readSeries(sql, runId, query)) {
      curves.push({ name, runId, points });
    }
  }
  return [...Map.groupBy(curves, ({ name }) => name)]
    .map(([name, group]) => ({ name, curves: group }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** One board on which at least two of the runs stand. */
export type ComparedEvaluation = {
  /** Key of the dataset or evaluation set that was judged. */
  board: string;
  /** `name@version`. */
  judge: string;
  /** The side of the dataset; SET for an evaluation set. */
  split: string;
  /** The newest evaluation of each run, in their order; null where a run has none. */
  evaluationIds: (string | null)[];
};

type Entry = Pick<ComparedEvaluation, 'board' | 'judge' | 'split'> & {
  boardId: number;
  runId: string;
  evaluationId: string;
};

/** Newest evaluations of runs on the boards that at least two of them share, by board. */
export async function comparedEvaluations(
  sql: Pool,
  runIds: readonly string[],
): Promise<ComparedEvaluation[]> {
  const { rows } = await sql.query<Entry>(
    `SELECT b.id AS "boardId", coalesce(s.key, d.key) AS board,
       b.judge || '@' || b.judge_version AS judge, coalesce(b.split::text, 'SET') AS split,
       e.run_id AS "runId", e.evaluation_id AS "evaluationId"
     FROM board_entries e JOIN boards b ON b.id = e.board_id
       LEFT JOIN datasets d ON d.id = b.dataset_id
       LEFT JOIN evaluation_sets s ON s.id = b.evaluation_set_id
     WHERE e.run_id = ANY($1) AND e.metric = 'score' AND e.pick = 'LATEST'
     ORDER BY b.id`,
    [runIds],
  );
  return [...Map.groupBy(rows, ({ boardId }) => boardId).values()]
    .filter((entries) => entries.length > 1)
    .map((entries) => {
      const { board, judge, split } = entries[0] as Entry;
      const idOf = (id: string) => entries.find(({ runId }) => runId === id)?.evaluationId ?? null;
      return { board, judge, split, evaluationIds: runIds.map(idOf) };
    });
}
