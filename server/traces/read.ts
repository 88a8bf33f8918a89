import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';

export const TraceFilter = z.strictObject({
  source: text(0, 128).nullish(),
  tag: text(0, 64).nullish(),
  datasetKey: text(0, 200).nullish(),
  importId: z.uuid('this is not the id of an import').nullish(),
  text: text(0, 200).nullish(),
});

/** The Prisma filter for a trace list. `text` matches prompt and answer previews, any case. */
export function tracesWhere(input: z.input<typeof TraceFilter> | null | undefined) {
  const filter = parse(TraceFilter, input ?? {});
  const contains = filter.text
    ? { contains: filter.text.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const }
    : null;
  return {
    ...(filter.source && { source: filter.source }),
    ...(filter.tag && { tags: { has: filter.tag } }),
    ...(filter.importId && { importSessionId: filter.importId }),
    ...(filter.datasetKey && { datasetItems: { some: { dataset: { key: filter.datasetKey } } } }),
    ...(contains && { OR: [{ promptPreview: contains }, { answerPreview: contains }] }),
  } satisfies Prisma.TraceWhereInput;
}
