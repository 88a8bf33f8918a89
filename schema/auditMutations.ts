/**
 * Records every mutation, whoever adds one: who called it, on what, and how it ended. It stands outside of
 * the checks of scopes and costs, so that what they refuse is recorded too; what no field was reached by,
 * such as a document that is not valid, is not.
 */
import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import { GraphQLError, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { DomainError } from '../server/errors.ts';
import { isOutage } from '../server/lib/outage.ts';
import { detailOf } from './auditDetail.ts';
import { targetOfInput, targetOfPayload } from './auditTarget.ts';
import type { Context } from './builder.ts';
import { codeOf } from './errorCodes.ts';

/** How a mutation ended, in a word. */
function outcomeOf(error: unknown): string {
  if (error instanceof DomainError) return codeOf(error);
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  if (typeof code === 'string') return code;
  return isOutage(error) ? 'UNAVAILABLE' : 'INTERNAL';
}

/** The field that is called, as the schema knows it. */
const fieldOf = ({ parentType, fieldName }: GraphQLResolveInfo) =>
  parentType.getFields()[fieldName];

function entryOf(args: object, { actor, call }: Context, info: GraphQLResolveInfo) {
  const input = (args as { input?: object }).input ?? {};
  const type = fieldOf(info)?.args.find(({ name }) => name === 'input')?.type;
  return {
    actor,
    call,
    action: info.fieldName,
    target: type ? targetOfInput(type, input) : null,
    detail: type ? detailOf(type, input) : {},
  };
}

class AuditMutations<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (field.kind !== 'Mutation') return resolve;
    return async (root, args, unknownContext, info) => {
      const context = unknownContext as Context;
      const { audit, log } = context.app;
      const entry = entryOf(args, context, info);
      let payload: unknown;
      try {
        payload = await resolve(root, args, unknownContext, info);
      } catch (error) {
        // Why it failed matters more to the caller than that this could not be written down.
        await audit.record({ ...entry, outcome: outcomeOf(error) }).catch((err: unknown) => {
          const { action, call } = entry;
          log.error({ err, action, requestId: call.requestId }, 'a failure could not be recorded');
        });
        throw error;
      }
      const target = targetOfPayload(info.returnType, payload) ?? entry.target;
      await audit.record({ ...entry, target, outcome: 'OK' });
      return payload;
    };
  }
}

export const auditMutations = 'auditMutations';

SchemaBuilder.registerPlugin(auditMutations, AuditMutations);

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      auditMutations: AuditMutations<Types>;
    }
  }
}
