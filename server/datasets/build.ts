import { randomUUIDv7 } from 'node:crypto';
import { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { ConflictError, NotFoundError, ValidationError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { type BuildDataset, buildDatasetInput } from './model.ts';
import { type Selected, selectLatest, selectRandom } from './select.ts';
import { assignSplits } from './split.ts';

const statsOf = (selected: Selected[]) => {
  const steps = selected.map((trace) => trace.step_count);
  const mean = (values: number[]) =>
    Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100;
  return {
    avgStepCount: mean(steps),
    minStepCount: steps.reduce((a, b) => Math.min(a, b)),
    maxStepCount: steps.reduce((a, b) => Math.max(a, b)),
    avgTotalChars: mean(selected.map((trace) => trace.total_chars)),
  };
};

/**
 * Selects traces, splits them by prompt and freezes the list under `name-version`.
 * @throws ValidationError for a bad recipe or one that matches nothing.
 * @throws ConflictError when the key is taken; a dataset never changes.
 * @throws NotFoundError when the parent does not exist.
 */
export async function buildDataset(
  app: Pick<App, 'db' | 'sql' | 'config'>,
  input: BuildDataset,
): Promise<{ id: string }> {
  const recipe = parse(buildDatasetInput(app.config.datasets.maxItems), input);
  const { name, version, filter, strategy, limit, seed, split, provenance, parentKey } = recipe;
  const key = `${name}-${version}`;
  await refuseTaken(app, key);
  const parent = parentKey ? await app.db.dataset.findUnique({ where: { key: parentKey } }) : null;
  if (parentKey && !parent) {
    throw new NotFoundError('Dataset', `There is no dataset "${parentKey}" to be the parent.`);
  }
  const selected =
    strategy === 'RANDOM' && typeof seed === 'number'
      ? await selectRandom(app.sql, filter, limit, seed)
      : await selectLatest(app.sql, filter, limit);
  if (selected.length === 0) {
    throw new ValidationError([
      {
        path: ['filter'],
        code: 'NO_MATCH',
        message: 'No trace matches this filter. Widen it, or import traces first.',
      },
    ]);
  }
  const sides = assignSplits(
    selected.map((trace) => trace.prompt_hash),
    split,
  );
  const items = selected.map((trace, position) => ({
    position,
    traceId: trace.id,
    split: sides.get(trace.prompt_hash) ?? ('TRAIN' as const),
    hash: trace.content_hash,
  }));
  const count = (side: string) => items.filter((item) => item.split === side).length;
  const id = randomUUIDv7();
  try {
    await app.db.$transaction(async (tx) => {
      await tx.dataset.create({
        data: {
          id,
          key,
          name,
          version,
          contentHash: contentHash(items.map((item) => [item.hash, item.split])),
          recipe: { filter, strategy, limit, seed: seed ?? null, split } as Prisma.JsonObject,
          provenance: provenance as Prisma.JsonObject,
          stats: statsOf(selected),
          itemCount: items.length,
          trainCount: count('TRAIN'),
          evalCount: count('EVAL'),
          testCount: count('TEST'),
          parentId: parent?.id ?? null,
        },
      });
      // One statement for any number of items; Prisma's createMany is sixty times slower.
      await tx.$executeRaw`
        INSERT INTO dataset_items (dataset_id, position, trace_id, split)
        SELECT ${id}::uuid, position, trace_id, split::split
        FROM unnest(${items.map((item) => item.position)}::int[],
                    ${items.map((item) => item.traceId)}::uuid[],
                    ${items.map((item) => item.split)}::text[]) AS item(position, trace_id, split)`;
    });
  } catch (error) {
    // Someone took the key between the look and the insert.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      await refuseTaken(app, key);
    }
    throw error;
  }
  return { id };
}

async function refuseTaken(app: Pick<App, 'db'>, key: string): Promise<void> {
  const taken = await app.db.dataset.findUnique({ where: { key } });
  if (taken) {
    throw new ConflictError(
      'Dataset',
      `Dataset "${key}" exists already and never changes. Choose another version.`,
      taken.id,
    );
  }
}
