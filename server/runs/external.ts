import { randomUUIDv7 } from 'node:crypto';
import type { Tx } from '../db.ts';
import { contentHash } from '../lib/canonical.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { headOrNull } from '../lib/text.ts';
import { appendEvent } from './events.ts';
import { type NewPrediction, storePredictions } from './predictions.ts';

/** Something that was trained elsewhere, and what it predicted. */
export type ExternalRun = {
  name: string;
  modelId: string;
  /** At most one: nothing is known of what it learnt from, only what it was asked. */
  datasetId: string | null;
  evaluationSetId: string | null;
  /** sha256 (hex) of what was asked and of what was predicted. */
  content: string;
  predictions: NewPrediction[];
  /** Items without a prediction. */
  missing: number;
  /** Who imports it. */
  by?: string | undefined;
};

/** The digest of such a run: equal for the same system with the same predictions. */
const configHashOf = ({ name, modelId, content }: ExternalRun): string =>
  contentHash({ system: { name, modelId }, content });

/** The run's idempotency key, which makes two imports at a time one run. */
export const externalKeyOf = (run: ExternalRun): string => `external:${configHashOf(run)}`;

/**
 * Writes a run of mode EXTERNAL, COMPLETED at once, with its predictions and its event, in the
 * transaction of the caller, who rings `runs` after the commit. It has no attempts and no log.
 */
export async function addExternalRun(tx: Tx, run: ExternalRun): Promise<string> {
  const { name, modelId, datasetId, evaluationSetId, predictions, missing, by } = run;
  const id = randomUUIDv7();
  await tx.run.create({
    data: {
      id,
      name,
      modelId,
      datasetId,
      evaluationSetId,
      mode: 'EXTERNAL',
      status: 'COMPLETED',
      config: { system: { name, modelId } },
      configHash: configHashOf(run),
      idempotencyKey: externalKeyOf(run),
      createdBy: headOrNull(by, 160),
      // Nobody waits for it; the table wants a number.
      timeoutSeconds: 1,
      finishedAt: await databaseTime(tx),
    },
  });
  await storePredictions(tx, id, predictions);
  await appendEvent(tx, id, 'COMPLETED', { imported: predictions.length, missing });
  return id;
}
