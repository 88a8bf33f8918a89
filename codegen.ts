/**
 * Types and documents of the client, from the printed schema and the operations beside the
 * components. `client/gql` is generated and git-ignored.
 */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';

/** What graphcache has to know about the schema, a few hundred bytes instead of introspection. */
function cacheFacts(schema: GraphQLSchema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const possibleTypes = Object.fromEntries(
    types
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map((member) => member.name)]),
  );
  const node = schema.getType('Node');
  const keyless = types
    .filter(isObjectType)
    .filter((type) => !type.getInterfaces().some((face) => face === node))
    .map((type) => type.name)
    .filter((name) => !['Query', 'Mutation', 'Subscription'].includes(name));
  return { possibleTypes, keyless };
}

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['client/**/*.{ts,tsx}', '!client/gql/**', '!client/dist/**'],
  generates: {
    'client/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'read' } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        importExtension: '.ts',
        scalars: {
          DateTime: 'string',
          BigInt: 'string',
          SHA256: 'string',
          JSON: 'unknown',
        },
      },
    },
    'client/gql/cacheFacts.json': {
      preset: {
        buildGeneratesSection: (options) => [
          {
            filename: options.baseOutputDir,
            schema: options.schema,
            schemaAst: options.schemaAst,
            documents: [],
            config: {},
            plugins: [{ facts: {} }],
            pluginMap: {
              facts: { plugin: (schema) => JSON.stringify(cacheFacts(schema), null, 2) },
            },
          },
        ],
      },
    },
  },
};

export default config;
