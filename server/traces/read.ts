import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import { parse } from '../lib/parse.ts';

export const TraceFilter = z.strictObject({
  source: z.string().nullish(),
  tag: z.string().nullish(),
  datasetKey: z.string().nullish(),
  importId: z.uuid('the id of an import').nullish(),
  text: z.string().max(200).nullish(),
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
