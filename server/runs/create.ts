import { randomUUIDv7 } from 'node:crypto';
import { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { findable } from '../lib/text.ts';
import { appendEvent } from './events.ts';
import { ExecuteRun } from './job.ts';
import type { CreateRunInput } from './model.ts';
import { resolveRun } from './validate.ts';

/**
 * Writes a run and its job in one transaction. The same idempotency key gives the same run. One that
 * repeats another names it as `reproducesId`.
 * @throws what `resolveRun` throws, and ValidationError for a warning nobody acknowledged.
 */
export async function createRun(
  app: Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell'>,
  input: CreateRunInput,
  { reproducesId = null }: { reproducesId?: string | null } = {},
): Promise<{ id: string; created: boolean }> {
  const known = await findByKey(app, input.idempotencyKey);
  if (known) return { id: known.id, created: false };
  const { request, dataset, evaluationSet, config, warnings } = await resolveRun(app, input);
  const unseen = warnings.filter(({ code }) => !request.acknowledgedWarnings.includes(code));
  if (unseen.length > 0) {
    throw new ValidationError(
      unseen.map(({ code, message }) => ({
        path: ['acknowledgedWarnings'],
        code,
        message: `${message} Add "${code}" to acknowledgedWarnings to go on.`,
      })),
    );
  }
  const id = randomUUIDv7();
  try {
    await app.db.$transaction(async (tx) => {
      await tx.run.create({
        data: {
          id,
          name: request.name ?? null,
          datasetId: dataset.id,
          evaluationSetId: evaluationSet?.id ?? null,
          modelId: config.modelId,
          mode: request.mode,
          config: config as unknown as Prisma.JsonObject,
          // Without a set it is left out, so that such runs keep the digest they always had.
          configHash: contentHash({
            config,
            dataset: dataset.contentHash,
            evaluationSet: evaluationSet?.contentHash,
          }),
          warnings,
          priority: request.priority,
          timeoutSeconds: request.timeoutSeconds,
          maxAttempts: request.maxAttempts,
          idempotencyKey: request.idempotencyKey ?? null,
          totalSteps: config.hyperparameters.totalSteps,
          reproducesId,
        },
      });
      await appendEvent(tx, id, 'QUEUED');
      await app.queue.send(tx, ExecuteRun, { runId: id }, `${id}/0`, request.priority);
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const winner = await findByKey(app, request.idempotencyKey);
      if (winner) return { id: winner.id, created: false };
    }
    throw error;
  }
  app.bell.ring('runs');
  return { id, created: true };
}

const findByKey = async (app: Pick<App, 'db'>, idempotencyKey: string | null | undefined) =>
  idempotencyKey
    ? app.db.run.findUnique({ where: { idempotencyKey: findable(idempotencyKey) } })
    : null;
