import { randomUUIDv7 } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { App } from '../../app.ts';
import { NotFoundError } from '../../errors.ts';
import { parse } from '../../lib/parse.ts';
import { inTransaction } from '../../lib/transaction.ts';
import type { Queue } from '../../queue.ts';
import { requireModel } from '../../tunix/requireModel.ts';
import { CheckDataset } from './job.ts';
import { type Budgets, budgetsOf, CheckDatasetInput } from './model.ts';

/**
 * Asks for one more check of a dataset. Earlier ones stay as they are.
 * @returns the pending check.
 * @throws NotFoundError, ValidationError
 */
export async function requestDatasetCheck(
  app: Pick<App, 'db' | 'sql' | 'queue' | 'config'>,
  input: z.input<typeof CheckDatasetInput>,
): Promise<{ id: string }> {
  const { datasetKey, budgets } = parse(CheckDatasetInput, input);
  await requireModel(app.config, budgets.modelId);
  const dataset = await app.db.dataset.findUnique({ where: { key: datasetKey } });
  if (!dataset) {
    throw new NotFoundError(
      'Dataset',
      `There is no dataset "${datasetKey}". List them with \`datasets\`.`,
    );
  }
  return inTransaction(app.sql, (client) =>
    addDatasetCheck(app.queue, client, dataset.id, budgets),
  );
}

/** The same inside a transaction of the caller, with the budgets of a run that names none. */
export async function addDatasetCheck(
  queue: Pick<Queue, 'send'>,
  client: PoolClient,
  datasetId: string,
  budgets: Budgets = budgetsOf(),
): Promise<{ id: string }> {
  const id = randomUUIDv7();
  await client.query('INSERT INTO dataset_checks (id, dataset_id, settings) VALUES ($1, $2, $3)', [
    id,
    datasetId,
    JSON.stringify(budgets),
  ]);
  await queue.send(client, CheckDataset, { checkId: id }, id);
  return { id };
}
