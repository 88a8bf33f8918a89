import { parse } from '../server/lib/parse.ts';
import { TraceFilter as TraceFilterModel } from '../server/traces/filter.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { Split } from './split.ts';

const IntRange = builder.inputType('IntRange', {
  description: 'Whole numbers from `min` to `max`, both inclusive.',
  fields: (t) => ({
    min: t.int({ description: 'The least; no limit without it.' }),
    max: t.int({ description: 'The greatest; no limit without it.' }),
  }),
});

const FloatRange = builder.inputType('FloatRange', {
  description: 'Numbers from `min` to `max`, both inclusive.',
  fields: (t) => ({
    min: t.float({ description: 'The least; no limit without it.' }),
    max: t.float({ description: 'The greatest; no limit without it.' }),
  }),
});

type Fields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

/** The conditions of a filter of traces; lists and datasets have the same. */
export const traceFilterFields = (t: Fields) => ({
  text: t.string({
    description:
      'Words in prompt, steps or answer, in any inflection: `train speed` for both, `"train speed"` ' +
      'for the exact words, `train or bus`, `-bus` for without. Common words such as “the” alone ' +
      'find nothing. At most 1000 characters.',
  }),
  sources: t.stringList({ description: 'Where they came from: any of these, at most 32.' }),
  tags: t.stringList({ description: 'Labels they have: all of these, at most 32.' }),
  versions: t.stringList({ description: 'Their `traceVersion`: any of these, at most 32.' }),
  createdAfter: t.field({ type: 'DateTime', description: 'Stored at this moment or later.' }),
  createdBefore: t.field({ type: 'DateTime', description: 'Stored before this moment.' }),
  steps: t.field({ type: IntRange, description: 'How many steps they have.' }),
  chars: t.field({ type: IntRange, description: 'How many characters they have.' }),
  score: t.field({ type: FloatRange, description: 'Their `baselineScore`.' }),
  datasetKey: t.string({ description: 'A dataset they stand in, by key.' }),
  split: t.field({ type: Split, description: 'The side of that dataset they stand on.' }),
  importId: t.id({ description: 'The import that brought them.' }),
  meta: t.field({ type: 'JSON', description: 'Equality on top-level keys of `meta`.' }),
});

export const TraceFilter = builder.inputType('TraceFilter', {
  description:
    'Which traces; every given condition must hold, and an empty text or list is no condition.',
  fields: traceFilterFields,
});

/** An import is named by its opaque id outside and by its uuid inside. */
export const withImportUuid = <T extends { importId?: string | null }>(filter: T): T => ({
  ...filter,
  ...(filter.importId && {
    importId: localId('ImportSession', filter.importId) ?? filter.importId,
  }),
});

/**
 * A filter as services take it.
 * @throws ValidationError
 */
export const toTraceFilter = (
  filter: typeof TraceFilter.$inferInput | null | undefined,
): TraceFilterModel => parse(TraceFilterModel, withImportUuid(filter ?? {}));
