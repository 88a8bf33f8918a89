import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';

const DatasetsFilter = z.strictObject({
  name: text(0, 128).nullish(),
  text: text(0, 200).nullish(),
});

/**
 * The Prisma filter for a list of datasets: `name` is equality, `text` stands in the key, any case.
 * @throws ValidationError
 */
export function datasetsWhere(input: z.input<typeof DatasetsFilter> | null | undefined) {
  const filter = parse(DatasetsFilter, input ?? {});
  const escaped = filter.text?.replace(/[\\%_]/g, '\\$&');
  return {
    ...(filter.name && { name: filter.name }),
    ...(escaped && { key: { contains: escaped, mode: 'insensitive' } }),
  } satisfies Prisma.DatasetWhereInput;
}
