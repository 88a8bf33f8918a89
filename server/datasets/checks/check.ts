import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../../app.ts';
import type { Tx } from '../../db.ts';
import { contentHash } from '../../lib/canonical.ts';
import { databaseTime } from '../../lib/databaseTime.ts';
import { isOutage } from '../../lib/outage.ts';
import { displayable, head } from '../../lib/text.ts';
import { openFindings, type Placed } from './findings.ts';
import { openLengths } from './lengths.ts';
import { type Budgets, SEVERITY, type Summary } from './model.ts';
import { scanDataset } from './scan.ts';
import { scanTokens } from './tokens.ts';

/**
 * Looks over all items of the dataset of one pending check: the handler of its job.
 *
 * Findings, summary and status are written in one transaction, so a check is complete or has no
 * findings. One that has ended is left alone, so a job that comes twice does no harm; one whose
 * worker died is done over. A failure is stored as the status and a sentence.
 * @throws what says that the database is away, or the reason of the signal: the queue tries again.
 */
export async function checkDataset(
  app: Pick<App, 'db' | 'sql' | 'bell' | 'log' | 'config'>,
  checkId: string,
  shutdown: AbortSignal,
): Promise<void> {
  const [check] = await app.db.datasetCheck.updateManyAndReturn({
    where: { id: checkId, status: { in: ['PENDING', 'RUNNING'] } },
    data: { status: 'RUNNING' },
  });
  if (!check) return; // done, or gone with its dataset
  app.bell.ring(`check:${checkId}`);
  const { datasetId } = check;
  const budgets = check.settings as Budgets;
  try {
    const findings = openFindings();
    await scanDataset(app.sql, datasetId, budgets.maxChars, findings, shutdown);
    const lengths = openLengths();
    const tokensNote = await scanTokens(app, datasetId, budgets, { findings, lengths }, shutdown);
    const summary: Summary = {
      found: findings.counts,
      tokensChecked: tokensNote === null,
      tokensNote,
      ...(tokensNote === null && { lengths: lengths.list }),
    };
    await app.db.$transaction((tx) => complete(tx, checkId, summary, findings.list), {
      timeout: 60_000,
    });
  } catch (error) {
    if (shutdown.aborted || isOutage(error)) throw error;
    app.log.error({ err: error, checkId }, 'dataset check failed');
    const reason = error instanceof Error ? error.message : String(error);
    await app.db.datasetCheck.updateMany({
      where: { id: checkId, status: 'RUNNING' },
      data: {
        status: 'FAILED',
        error: head(displayable(`The check failed: ${reason}`), 2_000),
        finishedAt: await databaseTime(app.db),
      },
    });
  }
  app.bell.ring(`check:${checkId}`);
}

async function complete(tx: Tx, checkId: string, summary: Summary, found: Placed[]) {
  const { count } = await tx.datasetCheck.updateMany({
    where: { id: checkId, status: 'RUNNING' },
    data: { status: 'COMPLETED', summary, finishedAt: await databaseTime(tx) },
  });
  if (count === 0) return; // another worker was faster
  const ids = new Set(found.flatMap(({ traceId, relatedTraceId }) => [traceId, relatedTraceId]));
  const traces = await tx.$queryRaw<{ id: string; content_hash: string }[]>`
    SELECT id, content_hash FROM traces WHERE id = ANY(${[...ids].filter(Boolean)}::uuid[])`;
  const hashes = new Map(traces.map(({ id, content_hash }) => [id, content_hash]));
  const rows = found.map((each) => ({
    id: randomUUIDv7(),
    check_id: checkId,
    code: each.code,
    severity: SEVERITY[each.code],
    position: each.position,
    trace_id: each.traceId,
    related_trace_id: each.relatedTraceId ?? null,
    evaluation_item_id: each.evaluationItemId ?? null,
    message: displayable(each.message),
    data: each.data,
    fingerprint: fingerprintOf(each, hashes),
  }));
  await tx.$executeRaw`
    INSERT INTO findings (id, check_id, code, severity, position, trace_id, related_trace_id,
                          evaluation_item_id, message, data, fingerprint)
    SELECT id, check_id, code, severity::finding_severity, position, trace_id, related_trace_id,
           evaluation_item_id, message, data, fingerprint
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(
      id uuid, check_id uuid, code text, severity text, position int, trace_id uuid,
      related_trace_id uuid, evaluation_item_id uuid, message text, data jsonb, fingerprint text)`;
}

/** The same for the same defect of the same contents in every check, whatever its position. */
const fingerprintOf = (
  { code, traceId, relatedTraceId, evaluationItemId }: Placed,
  hashes: Map<string, string>,
): string =>
  contentHash([
    code,
    hashes.get(traceId),
    relatedTraceId ? hashes.get(relatedTraceId) : null,
    evaluationItemId ?? null,
  ]);
