import { randomUUIDv7 } from 'node:crypto';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { contentHash } from '../lib/canonical.ts';
import { codePoints, preview, promptHash } from '../lib/text.ts';
import { makePayload } from './make.ts';

type Columns = Partial<Omit<Prisma.TraceUncheckedCreateInput, 'payload'>>;

/**
 * A stored trace of the given payload that waits to be indexed, written past the services so that
 * any column can have any value.
 */
export async function putTrace(
  app: Pick<App, 'db'>,
  over: Partial<ReturnType<typeof makePayload>> & { meta?: object } = {},
  columns: Columns = {},
) {
  const payload = makePayload(over) as ReturnType<typeof makePayload>;
  const steps = payload.steps.reduce((sum, step) => sum + codePoints(step.content), 0);
  const row = await app.db.trace.create({
    data: {
      id: randomUUIDv7(),
      contentHash: contentHash(payload),
      promptHash: promptHash(payload.prompt),
      traceVersion: payload.trace_version,
      promptPreview: preview(payload.prompt),
      answerPreview: preview(payload.final_answer),
      stepCount: payload.steps.length,
      totalChars: codePoints(payload.prompt) + codePoints(payload.final_answer) + steps,
      baselineScore: 0,
      payload,
      ...columns,
    },
  });
  await app.db.searchBacklog.create({ data: { traceIds: [row.id] } });
  return row;
}

/** Steps with the given contents. */
export const stepsOf = (...contents: string[]) =>
  contents.map((content, i) => ({ i, type: 'think', content }));
