import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import { GraphQLError } from 'graphql';

type PageArgs = Partial<Record<'first' | 'last', number | null>> &
  Partial<Record<'after' | 'before', string | null>>;

/**
 * The cost of a list for the complexity limit: its rows cost as much as are asked for, so that
 * `first: 100` three levels deep is refused and `first: 20` is not.
 */
export const costOfPage = ({ first, last }: PageArgs) => ({
  field: 1,
  multiplier: (first ?? last ?? 20) / 10,
});

/** Says of a text, decoded from base64, whether it is a cursor of the list. */
type CursorForm = Pick<RegExp, 'test'>;

/** What is wrong with the arguments of a page, if anything. */
function faultOf({ first, last, after, before }: PageArgs, cursor: CursorForm): string | null {
  const count = first ?? last ?? 20;
  if (count < 1 || count > 100) {
    const name = (first ?? null) === null ? 'last' : 'first';
    return `${name}: ${count} is not 1–100. Ask for more pages instead.`;
  }
  const backwards = (last ?? before ?? null) !== null;
  if (backwards && (first ?? after ?? null) !== null) {
    return 'Go forwards with `first` and `after`, or backwards with `last` and `before`, not both.';
  }
  const at = after ?? before ?? null;
  if (at === null || cursor.test(Buffer.from(at, 'base64').toString('utf8'))) return null;
  const name = (after ?? null) === null ? 'before' : 'after';
  return `${name}: This is no cursor of this list. Take \`endCursor\` or \`startCursor\` of one of its pages.`;
}

/** The cost of a connection. It is counted before anything is read, so a bad page is refused here. */
export const onPageWith = (cursor: CursorForm) => (args: PageArgs) => {
  const fault = faultOf(args, cursor);
  if (fault) throw new GraphQLError(fault, { extensions: { code: 'BAD_VALUE' } });
  return costOfPage(args);
};

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The cost of a connection with `cursor: 'id'`. */
export const onPage = onPageWith(new RegExp(`^GPC:S:${UUID}$`));

/** The cost of a connection whose cursor is an id and a position. */
export const onItems = onPageWith(new RegExp(`^GPC:T:\\["S:${UUID}","N:\\d{1,9}"\\]$`));

/** The cost of `nodes`, which reads at most 100. */
export function onNodes({ ids }: { ids: readonly unknown[] }) {
  if (ids.length > 100) {
    const message = `ids: ${ids.length} are too many. Ask for at most 100 at once.`;
    throw new GraphQLError(message, { extensions: { code: 'BAD_VALUE' } });
  }
  return { field: 1, multiplier: ids.length };
}

/** Describes the `totalCount` of connections, which plugin-prisma adds without a word. */
class DescribeTotalCount<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    if (field.name !== 'totalCount' || field.description) return field;
    return {
      ...field,
      description: 'How many rows the whole list has; counted only when asked for.',
    };
  }
}

export const describeTotalCount = 'describeTotalCount';

SchemaBuilder.registerPlugin(describeTotalCount, DescribeTotalCount);

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      describeTotalCount: DescribeTotalCount<Types>;
    }
  }
}
