import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { RenderPreview as Preview } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { NotFoundError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { requireModel } from '../tunix/requireModel.ts';
import { RenderPreview } from './job.ts';
import { type Rendered, RenderTrace } from './model.ts';
import { findTokenizer } from './tokenizer.ts';

/**
 * Asks what a trace is in the tokens of a model. One that is under way or completed is answered
 * again, unless the built-in model would learn other tokens by now; a failed one is tried anew.
 * @returns the preview, pending or completed.
 * @throws NotFoundError, ValidationError
 */
export async function requestPreview(
  app: Pick<App, 'db' | 'sql' | 'queue' | 'config'>,
  input: z.input<typeof RenderTrace>,
): Promise<Preview> {
  const request = parse(RenderTrace, input);
  await requireModel(app.config, request.modelId);
  const { traceId, modelId } = request;
  const earlier = await app.db.renderPreview.findFirst({
    where: { ...request, status: { not: 'FAILED' } },
    orderBy: { createdAt: 'desc' },
  });
  if (earlier?.status === 'COMPLETED') {
    const { tokenizer } = earlier.result as Rendered;
    const current = await findTokenizer(app.sql, modelId, traceId);
    if (contentHash(tokenizer) === contentHash(current)) return earlier;
  }
  return app.db.$transaction(async (tx) => {
    // Held until the preview stands there, lest somebody deletes it between.
    const found = await tx.$queryRaw<object[]>`
      SELECT FROM traces WHERE id = ${traceId}::uuid FOR KEY SHARE`;
    if (found.length === 0) {
      throw new NotFoundError('Trace', 'There is no such trace. List them with `traces`.');
    }
    // One under way gets a job again, lest its own was given up; two are the same job.
    const preview =
      earlier && earlier.status !== 'COMPLETED'
        ? earlier
        : await tx.renderPreview.create({ data: { id: randomUUIDv7(), ...request } });
    await app.queue.send(tx, RenderPreview, { previewId: preview.id }, preview.id);
    return preview;
  });
}
