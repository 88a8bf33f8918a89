import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';

/**
 * The cost of a connection for the complexity limit: its rows cost as much as are asked for, so that
 * `first: 100` three levels deep is refused and `first: 20` is not.
 */
export const onPage = (args: { first?: number | null; last?: number | null }) => ({
  field: 1,
  multiplier: (args.first ?? args.last ?? 20) / 10,
});

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
