/** What two or more runs were asked to do differently. */

import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../lib/isObject.ts';

/** One value for each run, in their order; null where a run lacks it. */
export type ConfigDifference = { path: string; values: unknown[] };

/** What a run was asked for. */
export type Asked = {
  modelId: string;
  config: unknown;
  dataset: { key: string } | null;
  evaluationSet: { key: string } | null;
};

/** Every value of an object by its path, `hyperparameters.lora.rank`; a list is one value. */
function* flatten(value: unknown, path: string): Generator<[string, unknown]> {
  if (!isObject(value)) {
    yield [path, value];
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    yield* flatten(inner, path ? `${path}.${name}` : name);
  }
}

const valuesOf = ({ modelId, config, dataset, evaluationSet }: Asked): Map<string, unknown> =>
  new Map([
    ...(isObject(config) ? flatten(config, '') : []),
    ['datasetKey', dataset?.key ?? null],
    ['evaluationSetKey', evaluationSet?.key ?? null],
    ['modelId', modelId],
  ]);

/** What is not the same in all of them, by path; what is null and what is not there are the same. */
export function configDifferences(runs: readonly Asked[]): ConfigDifference[] {
  const each = runs.map(valuesOf);
  const paths = new Set(each.flatMap((values) => [...values.keys()]));
  return [...paths]
    .toSorted()
    .map((path) => ({ path, values: each.map((values) => values.get(path) ?? null) }))
    .filter(({ values: [first, ...others] }) =>
      others.some((other) => !isDeepStrictEqual(first, other)),
    );
}
