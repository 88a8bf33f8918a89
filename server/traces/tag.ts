import { z } from 'zod';
import type { App } from '../app.ts';
import { type Issue, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import { MAX_TAGS, Tag } from './model.ts';
import { traceNotFound } from './remove.ts';

const tags = z
  .array(Tag)
  .max(MAX_TAGS)
  .nullish()
  .transform((value) => [...new Set(value)]);

const TagTraces = z
  .strictObject({ ids: z.array(z.uuid()).min(1).max(1000), add: tags, remove: tags })
  .superRefine(({ add, remove }, context) => {
    for (const [index, tag] of add.entries()) {
      if (!remove.includes(tag)) continue;
      context.addIssue({
        code: 'custom',
        path: ['add', index],
        message: `${tag} is to be removed too; decide for one`,
        params: { code: 'CONTRADICTION', found: tag },
      });
    }
  });

type Row = { id: string; tags: string[] };

/** Why a trace cannot have these tags. */
const tooMany = (index: number, found: number): Issue => ({
  path: ['ids', String(index)],
  code: 'TOO_LONG',
  message: `ids.${index}: This trace would have ${found} tags, at most ${MAX_TAGS} are allowed. Remove some.`,
  limit: String(MAX_TAGS),
  found: String(found),
});

/**
 * Adds tags to traces and removes others, on all of them or none. Tags keep their order; new ones
 * come last.
 * @returns how many traces have other tags than before.
 * @throws ValidationError, NotFoundError when one of them does not exist
 */
export async function tagTraces(
  app: Pick<App, 'sql'>,
  input: z.input<typeof TagTraces>,
): Promise<{ ids: string[]; changed: number }> {
  const { ids: given, add, remove } = parse(TagTraces, input);
  const ids = [...new Set(given)];
  const changed = await inTransaction(app.sql, async (client) => {
    // In the order of ids, so that two calls cannot wait for each other.
    const { rows } = await client.query<Row>(
      'SELECT id, tags FROM traces WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
      [ids],
    );
    if (rows.length < ids.length) throw traceNotFound();
    const changes = rows
      .map((row) => ({ id: row.id, before: row.tags, tags: retagged(row.tags, add, remove) }))
      .filter((row) => row.before.join() !== row.tags.join());
    const issues = changes
      .filter((row) => row.tags.length > MAX_TAGS)
      .map((row) => tooMany(given.indexOf(row.id), row.tags.length));
    if (issues.length > 0) throw new ValidationError(issues);
    await client.query(
      `UPDATE traces t SET tags = ARRAY(SELECT jsonb_array_elements_text(row.tags))
       FROM jsonb_to_recordset($1::jsonb) AS row(id uuid, tags jsonb) WHERE t.id = row.id`,
      [JSON.stringify(changes.map((row) => ({ id: row.id, tags: row.tags })))],
    );
    return changes.length;
  });
  return { ids, changed };
}

/** What a trace has, without the removed, with the added. */
const retagged = (has: string[], add: string[], remove: string[]): string[] => [
  ...new Set([...has.filter((tag) => !remove.includes(tag)), ...add]),
];
