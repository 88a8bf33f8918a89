import { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { ConflictError, type Issue, NotFoundError, ValidationError } from '../errors.ts';
import { addEvaluation } from '../evaluations/evaluate.ts';
import { contentHash } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { addExternalRun, type ExternalRun, externalKeyOf } from '../runs/external.ts';
import { type NewPrediction, storePredictions } from '../runs/predictions.ts';
import { type Matched, matchLines } from './match.ts';
import { ImportPredictions, type LineIssue, type System } from './model.ts';
import {
  type Item,
  type PredictedRun,
  readTargetItems,
  type Target,
  targetForRun,
  targetForSystem,
} from './target.ts';

export type Imported = {
  runId: string;
  /** Whether the same system had the same predictions before; nothing was stored then. */
  repeated: boolean;
  imported: number;
  /** Items without a prediction, which count as wrong. */
  missing: number;
  issues: LineIssue[];
};

type Needs = Pick<App, 'db' | 'sql' | 'queue' | 'bell' | 'config'>;

/**
 * Stores predictions made elsewhere: for a completed run of ours, or as a run of a system of others.
 * All of it or nothing; they are judged like any other, at once unless the setting says otherwise.
 * @throws ValidationError (input, missing items), NotFoundError, InvalidStateError; ConflictError
 *   when the run has predictions there already.
 */
export async function importPredictions(
  app: Needs,
  input: Parameters<typeof ImportPredictions.parse>[0],
  by?: string,
): Promise<Imported> {
  const { runId, system, jsonl, allowMissing, ...asked } = parse(ImportPredictions, input);
  const run = runId ? await findRun(app, runId) : null;
  const target = run ? await targetForRun(app, run, asked) : await targetForSystem(app, asked);
  const items = await readTargetItems(app.sql, target);
  const matched = matchLines(jsonl, items);
  requireComplete(target, items, matched, allowMissing);
  const predictions = predictionsOf(target, items, matched);
  const missing = items.length - predictions.length;
  const stored = run
    ? await addToRun(app, run, target, predictions)
    : // Exactly one of the two is given.
      await addSystem(app, system as System, target, {
        predictions,
        missing,
        by,
        // By place, and not by row: the same file gives the same digest in another database.
        content: contentHash({
          target: target.contentHash,
          split: target.split,
          texts: items.map(({ id }) => matched.texts.get(id) ?? null),
        }),
      });
  if (!stored.repeated) {
    app.bell.ring(`run:${stored.runId}`);
    app.bell.ring('runs');
    app.bell.ring('evaluations');
  }
  return { ...stored, imported: predictions.length, missing, issues: matched.issues };
}

async function findRun(app: Pick<App, 'db'>, id: string) {
  const select = { id: true, key: true, contentHash: true };
  const run = await app.db.run.findUnique({
    where: { id },
    select: {
      id: true,
      number: true,
      mode: true,
      status: true,
      dataset: { select },
      evaluationSet: { select },
    },
  });
  if (run) return run;
  throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
}

/** Items and lines that an error names. */
const NAMED = 5;
const NAMED_LINES = 100;

function requireComplete(
  { title }: Target,
  items: readonly Item[],
  { texts, issues, issueCount }: Matched,
  allowMissing: boolean,
): void {
  const without = items.filter(({ id }) => !texts.has(id));
  if (texts.size > 0 && (allowMissing || without.length === 0)) return;
  const names = without.slice(0, NAMED).map(({ names: [name = ''] }) => `"${name}"`);
  const rest = without.length > NAMED ? ', …' : '';
  const remedy =
    texts.size > 0
      ? 'Add them, or set allowMissing, which counts them as wrong.'
      : 'Name each by trace_id, id or prompt, and check the target.';
  const message =
    items.length === 0
      ? `There are no ${title}, so nothing can be predicted. Choose another target.`
      : `${without.length} of the ${items.length} ${title} have no prediction: ` +
        `${names.join(', ')}${rest}. ${remedy}`;
  const lines = issues.slice(0, NAMED_LINES).map(
    (issue): Issue => ({
      path: ['jsonl', String(issue.line)],
      code: issue.code,
      message: `Line ${issue.line}: ${issue.message}`,
    }),
  );
  const found = String(texts.size);
  throw new ValidationError([
    { path: ['jsonl'], code: 'MISSING', message, limit: String(items.length), found },
    ...lines,
    ...(issueCount > lines.length
      ? [
          {
            path: ['jsonl'],
            code: 'MORE_LINES',
            message: `${issueCount} lines have faults. The first ${NAMED_LINES} are listed.`,
          },
        ]
      : []),
  ]);
}

const predictionsOf = (
  { split }: Target,
  items: readonly Item[],
  { texts }: Matched,
): NewPrediction[] =>
  items.flatMap(({ id, expected }) => {
    const text = texts.get(id);
    if (text === undefined) return [];
    return split
      ? { traceId: id, split, setItemId: null, expected, text }
      : { traceId: null, split: null, setItemId: id, expected, text };
  });

/** What `addEvaluation` takes for a target. */
const evaluationOf = ({ split, evaluationSet }: Target) =>
  evaluationSet ? { evaluationSetKey: evaluationSet.key } : { split };

async function evaluateNow(app: Needs, tx: Tx, runId: string, target: Target) {
  if (!app.config.evaluateOnCompletion) return;
  await addEvaluation(app.queue, tx, { runId, ...evaluationOf(target) });
}

const WRITING = { timeout: 60_000 };

/** @throws ConflictError when the run has predictions on the target already. */
async function addToRun(
  app: Needs,
  { id: runId, number }: PredictedRun & { id: string },
  target: Target,
  predictions: NewPrediction[],
) {
  const { split, evaluationSet, title } = target;
  await app.db.$transaction(async (tx) => {
    // Whoever imports for the same run waits here.
    await tx.$queryRaw`SELECT 1 FROM runs WHERE id = ${runId}::uuid FOR UPDATE`;
    const on = evaluationSet ? { setItem: { setId: evaluationSet.id } } : { split };
    if ((await tx.prediction.count({ where: { runId, step: 0, ...on } })) > 0) {
      throw new ConflictError(
        'Run',
        `Run ${number} has predictions on the ${title} already, and they are never replaced. ` +
          'Import with `system` instead of `runId`.',
        runId,
      );
    }
    await storePredictions(tx, runId, predictions);
    await evaluateNow(app, tx, runId, target);
  }, WRITING);
  return { runId, repeated: false };
}

async function addSystem(
  app: Needs,
  system: System,
  target: Target,
  predicted: Pick<ExternalRun, 'predictions' | 'missing' | 'content' | 'by'>,
) {
  const { evaluationSet, datasetId } = target;
  const run: ExternalRun = {
    ...system,
    ...predicted,
    datasetId,
    evaluationSetId: evaluationSet?.id ?? null,
  };
  const known = async () => {
    const where = { idempotencyKey: externalKeyOf(run) };
    const found = await app.db.run.findUnique({ where, select: { id: true } });
    return found && { runId: found.id, repeated: true };
  };
  const before = await known();
  if (before) return before;
  try {
    const runId = await app.db.$transaction(async (tx) => {
      const id = await addExternalRun(tx, run);
      await evaluateNow(app, tx, id, target);
      return id;
    }, WRITING);
    return { runId, repeated: false };
  } catch (error) {
    // The same file came twice at a time, and the other was first.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const winner = await known();
      if (winner) return winner;
    }
    throw error;
  }
}
