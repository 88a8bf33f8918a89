import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import type PrismaTypes from '../prisma/generated/pothos-types.ts';
import { getDatamodel } from '../prisma/generated/pothos-types.ts';
import type { Actor, Call } from '../server/access/actor.ts';
import type { Scope } from '../server/access/scopes.ts';
import type { App } from '../server/app.ts';
import { LIMITS } from '../server/limits/numbers.ts';
import { auditMutations } from './auditMutations.ts';
import { complexityOfAll } from './complexity.ts';
import { decodeGlobalId } from './ids.ts';
import { describeTotalCount, onNodes } from './paging.ts';
import { refusal } from './refusal.ts';

/** Who asks, and by which call; `request` is absent on a socket. */
export type Context = { app: App; actor: Actor; call: Call; request?: Request };

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  AuthScopes: { scope: Scope };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    BigInt: { Input: number; Output: number | bigint };
    SHA256: { Input: string; Output: string };
  };
}>({
  // The errors plugin stands before the prisma plugin, or `errors` on prisma fields is ignored. What
  // stands first is outermost: typed errors are made answers of once they are recorded.
  plugins: [
    ErrorsPlugin,
    auditMutations,
    ScopeAuthPlugin,
    complexityOfAll,
    RelayPlugin,
    PrismaPlugin,
    describeTotalCount,
  ],
  defaultFieldNullability: false,
  errors: {
    // The union member is the payload itself; with a wrapper, `{ __typename }` alone is an empty
    // select that Prisma refuses.
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName[0]?.toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  scopeAuth: {
    authScopes: ({ actor }) => ({ scope: (scope) => actor.scopes.has(scope) }),
    // Before anything is followed; each event is of the same actor, whose socket ends with the credential.
    authorizeOnSubscribe: true,
    // Of a type that is not for all, not even `__typename` is told to others.
    runScopesOnType: true,
    unauthorizedError: (_parent, { actor }, info, { failure }) => refusal(actor, info, failure),
  },
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: 5,
    limit: { complexity: LIMITS.complexity, depth: LIMITS.depth, breadth: LIMITS.breadth },
    complexityError: (kind, found) => {
      const [value, most] = {
        Depth: [found.depth, found.maxDepth],
        Breadth: [found.breadth, found.maxBreadth],
        Complexity: [found.complexity, found.maxComplexity],
      }[kind];
      return new GraphQLError(
        `The ${kind.toLowerCase()} of this operation is ${value}; at most ${most} is answered. Ask ` +
          'for fewer rows or fields, or in several requests.',
        { extensions: { code: 'TOO_COMPLEX' } },
      );
    },
  },
  relay: {
    decodeGlobalID: decodeGlobalId,
    nodeTypeOptions: { description: 'Anything that can be read again by its opaque `id`.' },
    idFieldOptions: { description: 'Opaque, stable, unique over all types.' },
    nodeQueryOptions: {
      description: 'Any object by its opaque id; null when there is none.',
      args: { id: { description: 'The `id` of any object.' } },
      authScopes: { scope: 'READ' },
    },
    nodesQueryOptions: {
      description: 'Several objects by their opaque ids, in the order asked; null where none is.',
      args: { ids: { description: 'At most 100 ids.' } },
      authScopes: { scope: 'READ' },
      complexity: onNodes,
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    pageInfoFieldOptions: { description: 'Where this page stands in the list.' },
    hasNextPageFieldOptions: { description: 'Whether more follows `endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether more stands before `startCursor`.' },
    startCursorFieldOptions: { description: 'Cursor of the first row; null on an empty page.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null on an empty page.' },
    cursorFieldOptions: { description: 'Cursor of this row, for `after` and `before`.' },
    edgesFieldOptions: { nullable: false, description: 'The rows of this page with cursors.' },
    nodeFieldOptions: { nullable: false, description: 'The row itself.' },
    firstArgOptions: { description: 'How many from the front: 1–100, 20 when nothing is given.' },
    lastArgOptions: { description: 'How many from the back: 1–100.' },
    afterArgOptions: { description: 'Only what follows this cursor.' },
    beforeArgOptions: { description: 'Only what stands before this cursor.' },
    defaultConnectionTypeOptions: { description: 'One page of a list.' },
    defaultEdgeTypeOptions: { description: 'One row of a page.' },
  },
  prisma: {
    client: (context) => context.app.db,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    maxConnectionSize: LIMITS.pageSize,
    defaultConnectionSize: 20,
    onUnusedQuery: 'error',
  },
});

builder.queryType({ description: 'Reads. Nothing here changes anything or calls out.' });
builder.mutationType({
  description: 'Writes. Each takes one input and answers with a payload or a typed error.',
});
builder.subscriptionType({
  description: 'Live streams: history after your cursor first, then what happens, without a gap.',
});
