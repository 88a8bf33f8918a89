import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { headOrNull, text } from '../lib/text.ts';
import { completedSide } from './gate.ts';
import { policyFields, policyOf, requireFitting } from './policy.ts';

/** What is set beside the policy. */
export const namedFields = {
  name: text(1, 128),
  /** Why, in the words of who sets it. */
  note: text(1, 1000)
    .nullish()
    .transform((note) => note ?? null),
};

export const SetBaseline = z.strictObject({
  ...namedFields,
  ...policyFields,
  evaluationId: z.uuid(),
});

/**
 * Pins an evaluation under a name. A name that exists gets a new revision; earlier ones and their
 * checks stay. Judging the run again cannot move the baseline.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function setBaseline(
  app: Pick<App, 'db' | 'sql'>,
  input: z.input<typeof SetBaseline>,
  by?: string,
) {
  const given = parse(SetBaseline, input);
  const { name, note, evaluationId } = given;
  const policy = policyOf(given);
  // A completed evaluation never changes, so what was read of it still holds below.
  requireFitting(policy, await completedSide(app, evaluationId, 'pinned'));
  return app.db.$transaction(async (tx) => {
    // Two revisions at once would take the same number; the second waits for the first here.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`baseline ${name}`}, 0))`;
    const newest = await tx.baseline.findFirst({
      where: { name },
      orderBy: { revision: 'desc' },
      select: { revision: true },
    });
    return tx.baseline.create({
      data: {
        ...policy,
        id: randomUUIDv7(),
        name,
        note,
        evaluationId,
        setBy: headOrNull(by, 128),
        revision: (newest?.revision ?? 0) + 1,
      },
    });
  });
}
