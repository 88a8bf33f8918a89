/** What PostgreSQL cannot store, sent to every text of every input: an answer, never a crash. */

import {
  type GraphQLInputType,
  graphql,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { DomainError } from '../server/errors.ts';
import { contextOf } from '../server/test/actors.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { schema } from './index.ts';
import { operationOf, required } from './test/sampleInput.ts';

type Path = readonly string[];

/** Where texts stand in an input. */
function* texts(type: GraphQLInputType, path: Path): Generator<Path> {
  if (isNonNullType(type) || isListType(type)) yield* texts(type.ofType, path);
  else if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      yield* texts(field.type, [...path, field.name]);
    }
  } else if (['String', 'ID', 'JSON'].includes(type.name)) yield path;
}

/** The input with a bad text at a path and nothing else that it can do without. */
function withText(type: GraphQLInputType, [name, ...rest]: Path, bad: string): unknown {
  if (isNonNullType(type)) return withText(type.ofType, [name ?? '', ...rest].filter(Boolean), bad);
  if (isListType(type)) {
    return [withText(type.ofType, [name ?? '', ...rest].filter(Boolean), bad)];
  }
  if (!isInputObjectType(type)) return type.name === 'JSON' ? { key: bad } : bad;
  const fields = type.getFields();
  const field = fields[name ?? ''];
  return { ...required(fields), ...(field && name && { [name]: withText(field.type, rest, bad) }) };
}

const roots = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
] as const;

const cases = roots.flatMap(([operation, type]) =>
  Object.values(type?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap((arg) =>
      [...texts(arg.type, [])].map((path) => ({
        name: [field.name, arg.name, ...path].join('.'),
        operation,
        field,
        arg,
        path,
      })),
    ),
  ),
);

describe('a text that cannot be stored', () => {
  test('stands in many places', () => {
    expect(cases.length).toBeGreaterThan(50);
  });

  test.for(cases)('is answered at $name', async ({ operation, field, arg, path }, { app }) => {
    const { source, variableValues } = operationOf(operation, field, [arg.name]);
    for (const bad of ['\0', 'x\0', '\ud800', 'x'.repeat(300)]) {
      const { errors = [] } = await graphql({
        schema,
        source,
        variableValues: { ...variableValues, [arg.name]: withText(arg.type, path, bad) },
        contextValue: contextOf(app),
      });
      // Either a row that is not there, a typed error, or an error that says what is wrong.
      const crashes = errors.filter(
        ({ extensions, originalError }) =>
          extensions.code === undefined && !(originalError instanceof DomainError),
      );
      expect(crashes, JSON.stringify(bad)).toEqual([]);
    }
  });
});
