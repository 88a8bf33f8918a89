import { randomUUIDv7 } from 'node:crypto';
import { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { ConflictError, ValidationError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { CreateEvaluationSet, type SetItem } from './model.ts';
import { type EvaluationSetReport, isValid, readSet } from './report.ts';

/** A stored set, and what was noted of its file. */
export type Stored = { id: string; key: string; contentHash: string; report: EvaluationSetReport };

/** Items of one statement: some megabytes at most. */
const BATCH = 2_000;

/**
 * Stores an evaluation set under `name-version`, all of it or nothing.
 * @throws ValidationError with one issue for each error of the file, at most 1000.
 * @throws ConflictError when the key is taken; a set never changes.
 */
export async function createEvaluationSet(
  app: Pick<App, 'db'>,
  input: CreateEvaluationSet,
): Promise<Stored> {
  const { name, version, jsonl, minItems } = parse(CreateEvaluationSet, input);
  const key = `${name}-${version}`;
  await refuseTaken(app, key);
  const report = readSet({ jsonl, minItems });
  if (!isValid(report)) refuse(report);
  const { items } = report;
  const set = { id: randomUUIDv7(), key, contentHash: contentHash(items) };
  try {
    await app.db.$transaction(
      async (tx) => {
        await tx.evaluationSet.create({
          data: { ...set, name, version, itemCount: items.length },
        });
        for (let start = 0; start < items.length; start += BATCH) {
          await insertItems(tx, set.id, items.slice(start, start + BATCH), start);
        }
      },
      { timeout: 60_000 },
    );
  } catch (error) {
    // Someone took the key between the look and the insert.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      await refuseTaken(app, key);
    }
    throw error;
  }
  return { ...set, report };
}

async function refuseTaken(app: Pick<App, 'db'>, key: string): Promise<void> {
  const taken = await app.db.evaluationSet.findUnique({ where: { key } });
  if (!taken) return;
  throw new ConflictError(
    'EvaluationSet',
    `Evaluation set "${key}" exists already and never changes. Choose another version.`,
    taken.id,
  );
}

function refuse({ issues }: EvaluationSetReport): never {
  throw new ValidationError(
    issues
      .filter(({ severity }) => severity === 'ERROR')
      .map(({ line, code, path, message }) => ({
        path: ['jsonl', ...(line === null ? [] : [String(line)]), ...path],
        code,
        message: line === null ? message : `Line ${line}: ${message}`,
      })),
  );
}

/** One statement for many rows; JSON carries the nulls and lists. */
function insertItems(tx: Tx, setId: string, items: SetItem[], from: number) {
  const rows = items.map(({ id, ...item }, index) => ({
    ...item,
    id: randomUUIDv7(),
    position: from + index,
    item_id: id,
  }));
  return tx.$executeRaw`
    INSERT INTO evaluation_set_items
      (id, set_id, position, item_id, prompt, expected_answer, alternatives, category, difficulty,
       section)
    SELECT id, ${setId}::uuid, position, item_id, prompt, expected_answer, alternatives, category,
           difficulty, section
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS item (
      id uuid, position int, item_id text, prompt text, expected_answer text, alternatives text[],
      category text, difficulty text, section text)`;
}
