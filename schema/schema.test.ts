/** What holds for every part of the schema, so that no new field can forget it. */
import { readFileSync } from 'node:fs';
import {
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import * as operations from '../server/demo/operations.ts';
import * as errors from '../server/errors.ts';
import { codeOf } from './errorCodes.ts';
import { decodeGlobalId, globalId } from './ids.ts';
import { schema } from './index.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

type Described = { description?: string | null | undefined };

/** Everything a reader of the schema meets, by where it stands. */
function* definitions(): Generator<[string, Described]> {
  for (const type of types) {
    yield [type.name, type];
    if (isEnumType(type)) {
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
    } else if ('getFields' in type) {
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field];
        if (!('args' in field)) continue;
        for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name}:)`, arg];
      }
    }
  }
}

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  .filter((type) => type !== null && type !== undefined)
  .flatMap((type) => Object.values(type.getFields()).map((field) => [type, field] as const));

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

const implementersOf = (name: string) => {
  const type = schema.getType(name);
  if (!type || !('getFields' in type) || isInputObjectType(type) || isObjectType(type)) return [];
  return schema.getImplementations(type).objects.map((object) => object.name);
};

const sentenceErrors: errors.DomainError[] = [
  new errors.ValidationError([{ path: [], code: 'X', message: 'x' }]),
  new errors.NotFoundError('Thing', 'x'),
  new errors.ConflictError('Thing', 'x'),
  new errors.InvalidStateError('x', 'DONE'),
  new errors.InUseError('Thing', 'x', { datasets: [], runs: [] }),
  new errors.UnavailableError('x', 'y'),
];

describe('the schema', () => {
  test('is seen whole', () => {
    expect(types.length).toBeGreaterThan(80);
    expect([...definitions()].length).toBeGreaterThan(500);
    expect(rootFields.length).toBeGreaterThan(30);
    expect(mutations.length).toBeGreaterThan(6);
  });

  test('describes every type, field, argument and value', () => {
    const silent = [...definitions()].filter(([, { description }]) => !description?.trim());
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test('ends every description like a sentence', () => {
    const open = [...definitions()].filter(
      ([, { description }]) => !/[.:?…]$/.test(description?.trim() ?? ''),
    );
    expect(open.map(([name, { description }]) => `${name}: ${description}`)).toEqual([]);
  });

  test('is the committed contract', () => {
    const committed = readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');
    expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
  });

  test.for(Object.entries(operations))('accepts %s of the demo', ([, source]) => {
    expect(validate(schema, parse(source))).toEqual([]);
  });
});

describe('every mutation', () => {
  test.for(mutations)('$name takes one required input', ({ args }) => {
    expect(args.map((arg) => arg.name)).toEqual(['input']);
    const [input] = args;
    expect(input && isNonNullType(input.type)).toBe(true);
    expect(input && isInputObjectType(getNamedType(input.type))).toBe(true);
  });

  test.for(mutations)('$name answers one payload or an error', ({ name, type }) => {
    const union = getNamedType(type);
    const members: readonly GraphQLObjectType[] = isUnionType(union) ? union.getTypes() : [];
    const failures = members.filter((member) =>
      member.getInterfaces().some((each) => each.name === 'Error'),
    );
    expect(isNonNullType(type)).toBe(true);
    expect(failures.length).toBeGreaterThan(0);
    expect(members.filter((member) => !failures.includes(member)).map(String)).toEqual([
      `${name[0]?.toUpperCase()}${name.slice(1)}Payload`,
    ]);
  });
});

describe('every expected error', () => {
  const classes = Object.values(errors).filter((each) => each !== errors.DomainError);

  test('has a type of its name', () => {
    expect(implementersOf('Error').toSorted()).toEqual(classes.map((each) => each.name).toSorted());
  });

  test('has a code of its own', () => {
    expect(sentenceErrors.map((error) => error.name).toSorted()).toEqual(
      classes.map((each) => each.name).toSorted(),
    );
    const codes = sentenceErrors.map(codeOf);
    expect(new Set(codes).size).toBe(codes.length);
    const type = schema.getType('ErrorCode');
    const known = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    expect(codes.toSorted()).toEqual(known.toSorted());
  });
});

describe('opaque ids', () => {
  const id = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';

  test.for(implementersOf('Node'))('of a %s go there and back', (typename) => {
    expect(decodeGlobalId(globalId(typename, id))).toEqual({ typename, id });
  });

  test('exist for nodes alone', () => {
    const others = types
      .filter(isObjectType)
      .filter(({ name }) => !implementersOf('Node').includes(name));
    expect(others.length).toBeGreaterThan(20);
    for (const { name } of others) {
      expect(() => decodeGlobalId(globalId(name, id)), name).toThrow('not an id of this system');
    }
  });
});
