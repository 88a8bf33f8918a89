import SchemaBuilder, { type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { PothosComplexityPlugin } from '@pothos/plugin-complexity';
import type { GraphQLFieldResolver } from 'graphql';

/**
 * The limits of plugin-complexity, which checks what resolves. A subscription resolves with its first event
 * alone; it is refused here before it is followed.
 */
class ComplexityOfAll<Types extends SchemaTypes> extends PothosComplexityPlugin<Types> {
  override wrapSubscribe(
    subscribe: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Subscription') return subscribe;
    return (root, args, context, info) => {
      this.checkComplexity(context, info);
      return subscribe(root, args, context, info);
    };
  }
}

export const complexityOfAll = 'complexityOfAll';

SchemaBuilder.registerPlugin(complexityOfAll, ComplexityOfAll);

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      complexityOfAll: ComplexityOfAll<Types>;
    }
  }
}
