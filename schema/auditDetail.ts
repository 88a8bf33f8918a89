/**
 * What an audit entry keeps of an input: ids, names, numbers and counts. A text stays only when its field
 * is known to name something, so that a field somebody adds later is left out rather than told.
 */
import {
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
} from 'graphql';
import { head } from '../server/lib/text.ts';

/** Texts that name something, by the name of their field. */
const NAMING = new Set([
  'add',
  'acknowledgedWarnings',
  'baseline',
  'datasetKey',
  'email',
  'endpoint',
  'evaluationSetKey',
  'judge',
  'labels',
  'metric',
  'modelId',
  'name',
  'note',
  'parentKey',
  'reason',
  'remove',
  'requiredJudge',
  'requiredLabels',
  'source',
  'tags',
  'version',
]);

/** Scalars whose values are neither texts of others nor secrets. */
const PLAIN = new Set(['ID', 'Int', 'Float', 'Boolean', 'BigInt', 'DateTime', 'SHA256']);

const MAX_BYTES = 2048;
const MAX_CHARS = 200;
const MAX_DEPTH = 3;
const MAX_VALUES = 10;

/** Stands for what is not kept. */
const LEFT_OUT = '…';

/** What is kept of a value of a type, which stands in a field of this name. */
function keptOf(type: GraphQLInputType, name: string, value: unknown, depth: number): unknown {
  const inner = getNullableType(type);
  if (value === null) return null;
  if (isListType(inner)) {
    const values = value as unknown[];
    if (isInputObjectType(getNullableType(inner.ofType))) return { count: values.length };
    const kept = values.slice(0, MAX_VALUES).map((one) => keptOf(inner.ofType, name, one, depth));
    return values.length > MAX_VALUES ? [...kept, `${LEFT_OUT} ${values.length} in all`] : kept;
  }
  if (isInputObjectType(inner)) {
    if (depth === MAX_DEPTH) return LEFT_OUT;
    const fields = inner.getFields();
    return Object.fromEntries(
      Object.entries(value as object).flatMap(([key, each]) => {
        const field = fields[key];
        return field && each !== undefined ? [[key, keptOf(field.type, key, each, depth + 1)]] : [];
      }),
    );
  }
  const isTold = !isScalarType(inner) || PLAIN.has(inner.name) || NAMING.has(name);
  if (!isTold) return LEFT_OUT;
  return typeof value === 'string' && value.length > MAX_CHARS
    ? `${head(value, MAX_CHARS)}${LEFT_OUT}`
    : value;
}

/**
 * What is kept of an input: at most 2048 bytes as JSON. Where that is too little, the fields that come
 * first stay and `…` names the others.
 */
export function detailOf(type: GraphQLInputType, input: object): Record<string, unknown> {
  const kept = keptOf(type, '', input, 0) as Record<string, unknown>;
  if (bytesOf(kept) <= MAX_BYTES) return kept;
  const detail: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(kept)) {
    const names = [...dropped, name];
    if (bytesOf({ ...detail, [name]: value, [LEFT_OUT]: names }) <= MAX_BYTES) detail[name] = value;
    else dropped.push(name);
  }
  return { ...detail, [LEFT_OUT]: dropped };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
