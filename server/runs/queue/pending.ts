/** Why a run waits, and what goes before it: the rules of `take.ts`, told. */
import type { Pool } from 'pg';
import type { RunStatus } from '../../../prisma/generated/client/enums.ts';
import { labelList, queueKey } from '../labels.ts';
import { isPaused, KINDS, ORDER } from './order.ts';
import {
  canExecute,
  hasItsModel,
  offers,
  readWorkers,
  takes,
  type Wanted,
  type Worker,
} from './workers.ts';

export type PendingReason = {
  code:
    | 'NO_RUNNER'
    | 'MISSING_LABEL'
    | 'MISSING_MODEL'
    | 'NOT_READY'
    | 'QUEUE_PAUSED'
    | 'RUNNER_DRAINING'
    | 'RUNNERS_BUSY'
    | 'QUEUED_BEHIND'
    | 'STARTING';
  /** A sentence with what to do. */
  message: string;
};

/** What would become of a run that was queued now. */
export type Placement = {
  /** Runners that are alive, offer all it requires and can have its model. */
  runnerIds: string[];
  startsNow: boolean;
  /** How many runs go first. */
  ahead: number;
  reasons: PendingReason[];
};

/** How many runs go first, and the numbers of the first of them. */
type Ahead = { count: number; first: number[] };

/** How many names and numbers a message lists. */
const LISTED = 5;

/** How many PENDING runs will be taken before this one; null when it does not wait. */
export async function queuePosition(
  sql: Pool,
  run: Wanted & { status: RunStatus },
): Promise<number | null> {
  if (run.status !== 'PENDING') return null;
  return (await readAhead(sql, run, await readWorkers(sql))).count;
}

/** Why a PENDING run still waits, what stands in the way first; empty when it does not wait. */
export async function pendingReasons(
  sql: Pool,
  run: Wanted & { status: RunStatus },
): Promise<PendingReason[]> {
  if (run.status !== 'PENDING') return [];
  const workers = await readWorkers(sql);
  return reasonsFor(sql, run, workers, await readAhead(sql, run, workers));
}

/** What would become of a run with these wishes. */
export async function placeRun(sql: Pool, wanted: Wanted): Promise<Placement> {
  const workers = await readWorkers(sql);
  const ahead = await readAhead(sql, wanted, workers);
  const reasons = await reasonsFor(sql, wanted, workers, ahead);
  return {
    runnerIds: workers
      .filter((worker) => offers(worker, wanted) && hasItsModel(worker, wanted))
      .map(({ id }) => id),
    startsNow: reasons.every(({ code }) => code === 'STARTING'),
    ahead: ahead.count,
    reasons,
  };
}

async function reasonsFor(
  sql: Pool,
  wanted: Wanted,
  workers: Worker[],
  ahead: Ahead,
): Promise<PendingReason[]> {
  const paused = await whyPaused(sql, wanted);
  const reasons = [paused, whyNobody(wanted, workers)].filter((reason) => reason !== null);
  if (ahead.count > 0) {
    const first = numbers(ahead.first, ahead.count);
    reasons.push({
      code: 'QUEUED_BEHIND',
      message:
        `${ahead.count === 1 ? 'One run goes' : `${ahead.count} runs go`} first: ${first}. ` +
        'A higher priority goes earlier.',
    });
  }
  if (reasons.length > 0) return reasons;
  return [{ code: 'STARTING', message: 'A runner takes it within seconds.' }];
}

/** Why no runner would start it now, were it the first; null when one would. */
function whyNobody(wanted: Wanted, workers: Worker[]): PendingReason | null {
  const { requiredLabels } = wanted;
  const setting = requiredLabels.length > 0 ? `RUNNER_LABELS=${queueKey(requiredLabels)} ` : '';
  const command = `\`${setting}npm run runner\``;
  if (workers.length === 0) {
    return { code: 'NO_RUNNER', message: `No runner is connected. Start one with ${command}.` };
  }
  const offering = workers.filter((worker) => offers(worker, wanted));
  if (offering.length === 0) {
    const lacking = listed(workers, ({ name, labels }) => {
      const missing = requiredLabels.filter((label) => !labels.includes(label));
      return `${name} lacks ${labelList(missing)}`;
    });
    const message = `It requires ${labelList(requiredLabels)}: ${lacking}. Start one with ${command}.`;
    return { code: 'MISSING_LABEL', message };
  }
  const having = offering.filter((worker) => hasItsModel(worker, wanted));
  if (having.length === 0) {
    const lacking = listed(offering, ({ name }) => `${name} lacks it`);
    const message =
      `It needs the model ${wanted.modelId}: ${lacking}. Put its folder under MODELS_DIR of a runner, ` +
      'which is noticed within seconds.';
    return { code: 'MISSING_MODEL', message };
  }
  const able = having.filter((worker) => canExecute(worker, wanted));
  if (able.length === 0) {
    const why = listed(having, ({ name, message }) => `${name}: ${message ?? 'no Python'}`);
    return { code: 'NOT_READY', message: `No runner can execute LOCAL runs. ${why}` };
  }
  const taking = able.filter(({ draining }) => !draining);
  if (taking.length === 0) {
    const message =
      `${listed(able, ({ name }) => `${name} is draining`)}: no more runs are taken. End that with ` +
      `\`drainRunner\`, or start another runner with ${command}.`;
    return { code: 'RUNNER_DRAINING', message };
  }
  if (taking.some(({ slots, runs }) => runs.length < slots)) return null;
  const busy = listed(taking, ({ name, runs }) => `${name} is busy with ${numbers(runs)}`);
  return {
    code: 'RUNNERS_BUSY',
    message: `${busy}. Wait, or start another runner with ${command}.`,
  };
}

const listed = (workers: Worker[], say: (worker: Worker) => string): string =>
  [
    ...workers.slice(0, LISTED).map(say),
    ...(workers.length > LISTED ? [`${workers.length - LISTED} more`] : []),
  ].join('; ');

/** `run 12`, `runs 12, 13 and 7 more`. */
function numbers(runs: readonly number[], count = runs.length): string {
  const shown = runs.slice(0, LISTED).map(String);
  if (count > shown.length) shown.push(`${count - shown.length} more`);
  return `${count === 1 ? 'run' : 'runs'} ${labelList(shown)}`;
}

async function whyPaused(sql: Pool, { requiredLabels }: Wanted): Promise<PendingReason | null> {
  const { rows } = await sql.query<{ at: Date; reason: string | null }>(
    'SELECT paused_at AS at, reason FROM run_queues WHERE key = $1 AND paused_at IS NOT NULL',
    [queueKey(requiredLabels)],
  );
  const [row] = rows;
  if (!row) return null;
  const which = requiredLabels.length > 0 ? labelList(requiredLabels) : 'no label';
  const why = row.reason ? ` (${row.reason})` : '';
  return {
    code: 'QUEUE_PAUSED',
    message:
      `The queue of runs that require ${which} is paused since ${row.at.toISOString()}${why}. ` +
      'Let it go on with `resumeQueue`.',
  };
}

/**
 * The runs that go first: those before it in the order that some runner which takes it would take
 * too. When nobody takes it, a runner that offers just what it requires and has all models stands in.
 */
async function readAhead(sql: Pool, wanted: Wanted, workers: Worker[]): Promise<Ahead> {
  const { id = null, requiredLabels, priority } = wanted;
  const taking = workers.filter((worker) => takes(worker, wanted));
  const rivals =
    taking.length > 0 ? taking : [{ labels: requiredLabels, ready: true, models: null }];
  const { rows } = await sql.query<Ahead>(
    `WITH RECURSIVE ${KINDS},
     rivals AS (
       SELECT mode, required_labels, bool_or(models IS NULL) AS have_all,
              array_agg(DISTINCT model) AS models
       FROM kinds
       JOIN jsonb_to_recordset($1) AS worker (labels text[], ready boolean, models text[])
         ON kinds.required_labels <@ worker.labels AND (worker.ready OR kinds.mode <> 'LOCAL')
       LEFT JOIN LATERAL unnest(worker.models) AS model ON true
       WHERE kinds.required_labels = $2::text[] OR NOT ${isPaused('kinds')}
       GROUP BY mode, required_labels
     ),
     waiting AS NOT MATERIALIZED (
       SELECT other.* FROM rivals JOIN runs other ON other.status = 'PENDING'
         AND other.mode = rivals.mode AND other.required_labels = rivals.required_labels
         AND (rivals.have_all OR other.model_id = ANY(rivals.models))
     ),
     ahead AS (
       SELECT number, priority, queued_at, id FROM waiting WHERE priority > $3
       UNION ALL
       SELECT number, priority, queued_at, id FROM waiting
       WHERE priority = $3 AND ($4::uuid IS NULL
         OR (queued_at, id) < (SELECT queued_at, id FROM runs WHERE id = $4))
     )
     SELECT (SELECT count(*)::int FROM ahead) AS count,
            ARRAY(SELECT number FROM ahead ORDER BY ${ORDER} LIMIT ${LISTED}) AS first`,
    [
      JSON.stringify(rivals.map(({ labels, ready, models }) => ({ labels, ready, models }))),
      requiredLabels,
      priority,
      id,
    ],
  );
  return rows[0] ?? { count: 0, first: [] };
}
