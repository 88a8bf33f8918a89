/** A dataset of given traces: for tests of what is in the texts. */
import { randomUUIDv7 } from 'node:crypto';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { contentHash } from '../lib/canonical.ts';
import { preview, promptHash } from '../lib/text.ts';

export type GivenItem = {
  split?: Split;
  prompt: string;
  steps?: string[];
  answer?: string;
  meta?: Record<string, unknown>;
};

/** The payload of a trace as it is stored; the answer stands in its one step unless given. */
export const payloadOf = ({
  prompt,
  answer = '7',
  steps = [`It is ${answer}.`],
  meta,
}: GivenItem) => ({
  trace_version: '1.0',
  prompt,
  steps: steps.map((content, i) => ({ i, type: 'say', content })),
  final_answer: answer,
  ...(meta && { meta }),
});

const rowOf = (payload: ReturnType<typeof payloadOf>) => ({
  id: randomUUIDv7(),
  contentHash: contentHash(payload),
  promptHash: promptHash(payload.prompt),
  traceVersion: payload.trace_version,
  promptPreview: preview(payload.prompt),
  answerPreview: preview(payload.final_answer),
  stepCount: payload.steps.length,
  totalChars: payload.prompt.length,
  baselineScore: 0,
  source: 'test',
  payload: payload as Prisma.InputJsonObject,
});

/** A dataset of the items in their order, and the ids of their traces. */
export async function makeDatasetOf(app: Pick<App, 'db'>, items: GivenItem[]) {
  const payloads = items.map(payloadOf);
  await app.db.trace.createMany({ data: payloads.map(rowOf), skipDuplicates: true });
  const hashes = payloads.map(contentHash);
  const stored = await app.db.trace.findMany({ where: { contentHash: { in: hashes } } });
  const ids = new Map(stored.map((trace) => [trace.contentHash, trace.id]));
  const id = randomUUIDv7();
  const rows = items.map(({ split = 'TRAIN' }, position) => ({
    position,
    split,
    traceId: ids.get(hashes[position] ?? '') ?? '',
  }));
  const count = (split: Split) => rows.filter((row) => row.split === split).length;
  const dataset = await app.db.dataset.create({
    data: {
      id,
      key: `${id}-1`,
      name: id,
      version: '1',
      contentHash: contentHash(rows),
      recipe: {},
      stats: {},
      itemCount: rows.length,
      trainCount: count('TRAIN'),
      evalCount: count('EVAL'),
      testCount: count('TEST'),
      items: { create: rows },
    },
  });
  return { ...dataset, traceIds: rows.map(({ traceId }) => traceId) };
}

/** A completed check of a dataset with one finding on a trace. */
export function makeDatasetCheck(app: Pick<App, 'db'>, datasetId: string, traceId: string) {
  const finding = {
    id: randomUUIDv7(),
    code: 'EMPTY_STEP',
    severity: 'ERROR' as const,
    position: 0,
    traceId,
    message: 'Step 1 says nothing: only spaces or punctuation.',
    data: { steps: [1] },
    fingerprint: contentHash(['EMPTY_STEP', traceId]),
  };
  return app.db.datasetCheck.create({
    data: {
      id: randomUUIDv7(),
      datasetId,
      status: 'COMPLETED',
      settings: { modelId: 'qwen3-tiny', maxTokens: 2048, maxChars: 8192 },
      summary: { found: { EMPTY_STEP: 1 }, tokensChecked: true, tokensNote: null },
      findings: { create: [finding] },
    },
    include: { findings: true },
  });
}
