import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

const bad = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_VALUE' } });

const parseBigInt = (value: unknown): number => {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw bad('BigInt: expected a whole number as text or number, at most 2^53.');
  }
  return number;
};

builder.scalarType('BigInt', {
  description: 'A whole number up to 2^53 as decimal text: `"18204"`. A number is accepted too.',
  serialize: (value) => String(value),
  parseValue: parseBigInt,
  parseLiteral: (node: ValueNode) => {
    if (node.kind === Kind.INT || node.kind === Kind.STRING) return parseBigInt(node.value);
    throw bad('BigInt: expected a whole number as text or number.');
  },
});

const parseDateTime = (value: unknown): Date => {
  const date = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime())) throw bad('DateTime: expected `2026-11-20T21:19:28.668Z`.');
  return date;
};

builder.scalarType('DateTime', {
  description: 'A moment in UTC with milliseconds: `"2026-11-20T21:19:28.668Z"` (RFC 3339).',
  serialize: (value) => value.toISOString(),
  parseValue: parseDateTime,
});

const literalToValue = (node: ValueNode, variables?: Record<string, unknown> | null): unknown => {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalToValue(field.value, variables)]),
      );
    case Kind.LIST:
      return node.values.map((value) => literalToValue(value, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return node.value;
  }
};

builder.scalarType('JSON', {
  description: 'Any JSON value: `{"source": "gsm8k", "index": 4}`.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: literalToValue,
});

builder.scalarType('SHA256', {
  description: 'A SHA-256 digest as 64 lower-case hex digits.',
  serialize: (value) => value.trim(),
  parseValue: (value) => {
    if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
    throw bad('SHA256: expected 64 lower-case hex digits.');
  },
});
