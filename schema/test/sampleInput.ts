/** Arguments for fields, made from their types: well formed, and naming nothing that exists. */
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { globalId } from '../ids.ts';

const NOTHING = globalId('Run', '00000000-0000-0000-0000-000000000000');

/** Something of a type. */
function plain(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return plain(type.ofType);
  if (isListType(type)) return [plain(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return required(type.getFields());
  return (
    { String: 'x', Boolean: true, JSON: {}, ID: NOTHING, SHA256: 'a'.repeat(64) }[type.name] ?? 1
  );
}

/** Values of the fields or arguments that cannot be left out. */
export const required = (
  fields: Record<string, { type: GraphQLInputType }>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, { type }]) => isNonNullType(type))
      .map(([name, { type }]) => [name, plain(type)]),
  );

/** An operation that asks for one root field with the given arguments, or with as few as it takes. */
export function operationOf(
  kind: string,
  field: GraphQLField<unknown, unknown>,
  given: readonly string[] = [],
) {
  const args = field.args.filter(({ name, type }) => isNonNullType(type) || given.includes(name));
  const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    source: `${kind}${args.length > 0 ? ` (${declared})` : ''} {
      ${field.name}${args.length > 0 ? `(${passed})` : ''}${selection} }`,
    variableValues: required(Object.fromEntries(args.map((arg) => [arg.name, arg]))),
  };
}
