/** Which object a mutation was about, as a global id: what came back, or else what was asked for. */
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { globalId, isGlobalId, localId } from './ids.ts';

const isNode = (type: GraphQLOutputType): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) && named.getInterfaces().some(({ name }) => name === 'Node');
};

const lowerFirst = (name: string) => `${name[0]?.toLowerCase()}${name.slice(1)}`;

/**
 * The first object of a payload. Payloads carry ids (`{ id }`, `{ runId }`) or rows (`{ user: { id } }`)
 * of what their fields then read, so the field says of which type an id is.
 */
export function targetOfPayload(answer: GraphQLOutputType, payload: unknown): string | null {
  const type = getNamedType(answer);
  const objects = isUnionType(type) ? type.getTypes() : isObjectType(type) ? [type] : [];
  const values = (payload ?? {}) as Record<string, unknown>;
  const [success] = objects.filter(({ name }) => name.endsWith('Payload'));
  for (const field of Object.values(success?.getFields() ?? {})) {
    if (!isNode(field.type) || isListType(getNullableType(field.type))) continue;
    const typename = getNamedType(field.type).name;
    const row = values[field.name] as { id?: unknown } | undefined;
    const id = [row?.id, values[`${field.name}Id`], values[`${lowerFirst(typename)}Id`], values.id]
      .filter((each) => typeof each === 'string')
      .find((each) => localId(typename, each));
    if (id) return globalId(typename, localId(typename, id) ?? id);
  }
  return null;
}

/** The first id of an input that is one of ours. */
export function targetOfInput(type: GraphQLInputType, input: object): string | null {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return null;
  const values = input as Record<string, unknown>;
  for (const field of Object.values(named.getFields())) {
    if (getNamedType(field.type).name !== 'ID') continue;
    const [id] = [values[field.name]].flat();
    if (typeof id === 'string' && isGlobalId(id)) return id;
  }
  return null;
}
