import { z } from 'zod';
import type { App } from '../../app.ts';
import { NotFoundError } from '../../errors.ts';
import { databaseTime } from '../../lib/databaseTime.ts';
import { parse } from '../../lib/parse.ts';
import { text } from '../../lib/text.ts';

const WaiveFinding = z.strictObject({
  id: z.uuid(),
  reason: text(1, 1000).refine((reason) => reason.trim() !== '', {
    message: 'has no words; say why the finding is accepted',
    params: { code: 'TOO_SHORT' },
  }),
});

type Needs = Pick<App, 'db' | 'bell'>;

/**
 * Accepts a finding with a reason, in this and every later check of the dataset. Again, it replaces
 * the reason.
 * @throws NotFoundError, ValidationError
 */
export async function waiveFinding(
  app: Needs,
  input: z.input<typeof WaiveFinding>,
): Promise<{ id: string }> {
  const { id, reason } = parse(WaiveFinding, input);
  const finding = await findFinding(app, id);
  const { fingerprint } = finding;
  const { datasetId } = finding.check;
  await app.db.findingWaiver.upsert({
    where: { datasetId_fingerprint: { datasetId, fingerprint } },
    create: { datasetId, fingerprint, reason },
    update: { reason, createdAt: await databaseTime(app.db) },
  });
  app.bell.ring(`check:${finding.checkId}`);
  return { id };
}

/**
 * Takes the acceptance of a finding back; without one it does nothing.
 * @throws NotFoundError
 */
export async function unwaiveFinding(app: Needs, id: string): Promise<{ id: string }> {
  const { fingerprint, check, checkId } = await findFinding(app, id);
  await app.db.findingWaiver.deleteMany({ where: { datasetId: check.datasetId, fingerprint } });
  app.bell.ring(`check:${checkId}`);
  return { id };
}

/** Whether a finding is accepted. */
export async function isWaived(
  app: Pick<App, 'db'>,
  datasetId: string,
  fingerprint: string,
): Promise<boolean> {
  return (await app.db.findingWaiver.count({ where: { datasetId, fingerprint } })) > 0;
}

async function findFinding(app: Needs, id: string) {
  const finding = await app.db.finding.findUnique({
    where: { id },
    select: { fingerprint: true, checkId: true, check: { select: { datasetId: true } } },
  });
  if (finding) return finding;
  throw new NotFoundError(
    'Finding',
    'There is no such finding. List those of a check with `findings`.',
  );
}
