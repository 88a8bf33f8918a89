import { randomUUIDv7 } from 'node:crypto';
import { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { findable, headOrNull } from '../lib/text.ts';
import { appendEvent } from './events.ts';
import { CreateRun, type CreateRunInput } from './model.ts';
import { curvesUpTo, describeParent, type Parent, parentColumns, takeOver } from './parent.ts';
import { type ResolvedRun, resolveRun } from './plan/validate.ts';
import { addTicket } from './tickets.ts';

/** The digest of an experiment: equal for equal configs on equal data. */
export const configHashOf = ({
  config,
  dataset,
  evaluationSet,
}: Pick<ResolvedRun, 'config' | 'dataset' | 'evaluationSet'>): string =>
  contentHash({
    config,
    dataset: dataset.contentHash,
    // Without a set it is left out, so that such runs keep the digest they always had.
    evaluationSet: evaluationSet?.contentHash,
  });

/** Where a run comes from, and who makes it. */
type Origin = {
  reproducesId?: string | null;
  parent?: Parent | null;
  by?: string | undefined;
};

/**
 * Writes a run and its job in one transaction. The same idempotency key gives the same run. One that
 * repeats another names it as `reproducesId`, one that comes from another as `parent`.
 * @throws what `resolveRun` and `findRunByKey` throw, and ValidationError for a warning nobody
 *   acknowledged.
 */
export async function createRun(
  app: Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell' | 'metrics'>,
  input: CreateRunInput,
  { reproducesId = null, parent = null, by }: Origin = {},
): Promise<{ id: string; created: boolean }> {
  const requestHash = input.idempotencyKey ? requestHashOf(input) : null;
  const known = await findRunByKey(app, input.idempotencyKey, parent, requestHash);
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
  // Read before: a transaction that waits for another connection may wait for itself.
  const curves = parent?.kind === 'RESUME' ? await curvesUpTo(app.sql, parent) : null;
  const id = randomUUIDv7();
  try {
    const write = app.db.$transaction(async (tx) => {
      await tx.run.create({
        data: {
          id,
          name: request.name ?? null,
          datasetId: dataset.id,
          evaluationSetId: evaluationSet?.id ?? null,
          modelId: config.modelId,
          mode: request.mode,
          config: config as unknown as Prisma.JsonObject,
          configHash: configHashOf({ config, dataset, evaluationSet }),
          warnings,
          priority: request.priority,
          timeoutSeconds: request.timeoutSeconds,
          maxAttempts: request.maxAttempts,
          requiredLabels: request.requiredLabels,
          retryOnFailure: request.retryOnFailure,
          idempotencyKey: request.idempotencyKey ?? null,
          requestHash,
          totalSteps: config.hyperparameters.totalSteps,
          reproducesId,
          createdBy: headOrNull(by, 160),
          ...(parent && parentColumns(parent)),
        },
      });
      if (parent && curves) await takeOver(tx, parent.id, id, curves);
      await appendEvent(tx, id, 'QUEUED', parent ? describeParent(parent) : {});
      await addTicket(app, tx, { ...request, id, epoch: 0 });
    });
    await app.metrics.common.timeWrite('create_run', () => write);
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const winner = await findRunByKey(app, request.idempotencyKey, parent, requestHash);
      if (winner) return { id: winner.id, created: false };
    }
    throw error;
  }
  app.bell.ring('queue');
  app.bell.ring('runs');
  return { id, created: true };
}

/** The digest of what is asked for; defaults filled in, warnings aside. */
function requestHashOf(input: CreateRunInput): string {
  const { idempotencyKey: _, acknowledgedWarnings: __, ...asked } = parse(CreateRun, input);
  return contentHash(asked);
}

/**
 * The run that an idempotency key has made; null when there is none.
 * @param from what the run would be made from, and how.
 * @param requestHash of what is asked for; null where what it is made from says it all.
 * @throws ValidationError when the key made a run from something else: that is not the same request.
 */
export async function findRunByKey(
  app: Pick<App, 'db'>,
  idempotencyKey: string | null | undefined,
  from: Pick<Parent, 'id' | 'kind'> | null,
  requestHash: string | null = null,
): Promise<{ id: string } | null> {
  if (!idempotencyKey) return null;
  const known = await app.db.run.findUnique({
    where: { idempotencyKey: findable(idempotencyKey) },
    select: { id: true, number: true, parentId: true, parentKind: true, requestHash: true },
  });
  if (!known) return null;
  const isSameOrigin =
    known.parentId === (from?.id ?? null) && known.parentKind === (from?.kind ?? null);
  // Runs of older versions have no digest.
  const isSameRequest = !requestHash || !known.requestHash || requestHash === known.requestHash;
  if (isSameOrigin && isSameRequest) return { id: known.id };
  throw new ValidationError([
    {
      path: ['idempotencyKey'],
      code: 'USED_ELSEWHERE',
      message:
        `idempotencyKey: it has made run ${known.number} from another request. Use another key, or ` +
        'repeat that request.',
      found: idempotencyKey,
    },
  ]);
}
