/** What was predicted: every item of a side of a dataset, or of an evaluation set. */
import type { RunMode, RunStatus, Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { findSet } from '../evaluationSets/read.ts';
import { promptHash } from '../lib/text.ts';

export type Item = {
  /** The row of a trace or of an item of a set. */
  id: string;
  /** What a file may call it. */
  names: string[];
  /** Of the normalised prompt. */
  promptHash: string;
  expected: string;
};

export type Target = {
  /** For people: `test items of "x-1"`. */
  title: string;
  datasetId: string | null;
  split: Split | null;
  evaluationSet: { id: string; key: string } | null;
  /** sha256 (hex) of the content of the dataset or the set. */
  contentHash: string;
};

type Asked = {
  datasetKey?: string | null | undefined;
  split?: Split | null | undefined;
  evaluationSetKey?: string | null | undefined;
};

/** @throws NotFoundError for an unknown dataset or set. */
export async function targetForSystem(app: Pick<App, 'db'>, asked: Asked): Promise<Target> {
  if (asked.evaluationSetKey) return ofSet(await findSet(app.db, asked.evaluationSetKey), null);
  const key = asked.datasetKey ?? '';
  const dataset = await app.db.dataset.findUnique({ where: { key } });
  if (!dataset) {
    throw new NotFoundError(
      'Dataset',
      `There is no dataset "${key}". List them with \`datasets\`.`,
    );
  }
  return ofSplit(dataset, asked.split ?? 'TEST');
}

type DatasetRow = { id: string; key: string; contentHash: string };
type SetRow = { id: string; key: string; contentHash: string };

/** A run of ours as far as it decides what may be imported for it. */
export type PredictedRun = {
  number: number;
  mode: string;
  status: string;
  dataset: DatasetRow | null;
  evaluationSet: SetRow | null;
};

/** Whether predictions of a run can come from elsewhere; a target that has some is refused all the same. */
export const takesPredictions = ({
  mode,
  status,
  datasetId,
}: {
  mode: RunMode;
  status: RunStatus;
  datasetId: string | null;
}): boolean => mode === 'LOCAL' && status === 'COMPLETED' && datasetId !== null;

/**
 * What is asked for, else the evaluation set of the run, else the TEST side of its dataset.
 * @throws InvalidStateError for a run that can have no predictions; ValidationError for another
 *   dataset than its own; NotFoundError for an unknown set.
 */
export async function targetForRun(
  app: Pick<App, 'db'>,
  run: PredictedRun,
  asked: Asked,
): Promise<Target> {
  const { number, mode, status, dataset, evaluationSet } = run;
  if (mode !== 'LOCAL' || !dataset) {
    const message =
      mode === 'EXTERNAL'
        ? `Run ${number} was trained elsewhere. Import more of it with \`system\`.`
        : `Run ${number} is a dry run: it trained nothing. Create the run again with mode LOCAL.`;
    throw new InvalidStateError(message, status);
  }
  if (status !== 'COMPLETED') {
    throw new InvalidStateError(
      `Run ${number} is ${status.toLowerCase()}. Predictions can be imported for a completed run.`,
      status,
    );
  }
  if (asked.datasetKey && asked.datasetKey !== dataset.key) {
    const message =
      `datasetKey: run ${number} is on "${dataset.key}", not on "${asked.datasetKey}". Leave it ` +
      'out, or import with `system` instead of `runId`.';
    throw new ValidationError([{ path: ['datasetKey'], code: 'NOT_OF_RUN', message }]);
  }
  if (asked.evaluationSetKey) {
    return ofSet(await findSet(app.db, asked.evaluationSetKey), dataset.id);
  }
  const wantsSplit = asked.split || asked.datasetKey;
  if (evaluationSet && !wantsSplit) return ofSet(evaluationSet, dataset.id);
  return ofSplit(dataset, asked.split ?? 'TEST');
}

const ofSet = ({ id, key, contentHash }: SetRow, datasetId: string | null): Target => ({
  title: `items of the evaluation set "${key}"`,
  datasetId,
  split: null,
  evaluationSet: { id, key },
  contentHash,
});

const ofSplit = ({ id, key, contentHash }: DatasetRow, split: Split): Target => ({
  title: `${split} items of "${key}"`,
  datasetId: id,
  split,
  evaluationSet: null,
  contentHash,
});

const TRACES = `
  SELECT t.id, ARRAY[t.id::text] AS names, t.prompt_hash AS "promptHash",
         t.payload->>'final_answer' AS expected
  FROM dataset_items i JOIN traces t ON t.id = i.trace_id
  WHERE i.dataset_id = $1 AND i.split = $2::split
  ORDER BY i.position`;

const SET_ITEMS = `
  SELECT id, ARRAY[item_id, id::text] AS names, prompt, expected_answer AS expected
  FROM evaluation_set_items WHERE set_id = $1 ORDER BY position`;

/** Every item of a target in its order. */
export async function readTargetItems(sql: App['sql'], target: Target): Promise<Item[]> {
  const { evaluationSet, datasetId, split } = target;
  if (!evaluationSet) return (await sql.query<Item>(TRACES, [datasetId, split])).rows;
  type Row = Omit<Item, 'promptHash'> & { prompt: string };
  const { rows } = await sql.query<Row>(SET_ITEMS, [evaluationSet.id]);
  return rows.map(({ prompt, ...item }) => ({ ...item, promptHash: promptHash(prompt) }));
}
