/**
 * A stored recipe back in the form it was built with. Recipes are JSON of any age: what is not
 * understood is left at its default.
 */
import { joinList } from '../lib/filterWords.ts';
import type { FilterUrl } from '../lib/traceFilter.ts';
import { type DatasetForm, emptyDatasetForm } from './datasetForm.ts';

type Json = Record<string, unknown>;

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const asList = (value: unknown): string | undefined => {
  const words = (Array.isArray(value) ? value : [value]).filter(
    (word): word is string => typeof word === 'string' && word !== '',
  );
  return words.length > 0 ? joinList(words) : undefined;
};

const asNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

function asRange(value: unknown): string | undefined {
  const { min, max } = asObject(value);
  const text = `${asNumber(min)}..${asNumber(max)}`;
  return text === '..' ? undefined : text;
}

function asMeta(value: unknown): string | undefined {
  const words = Object.entries(asObject(value)).map(([key, word]) => {
    // A text that reads as JSON has to stay a text.
    const isPlain = typeof word === 'string' && !/^[\d[{"tfn-]/.test(word);
    return `${key}=${isPlain ? word : JSON.stringify(word)}`;
  });
  return words.length > 0 ? joinList(words) : undefined;
}

/** The filter of a recipe as words of the URL. */
export function filterOfRecipe(recipe: unknown): FilterUrl {
  const filter = asObject(asObject(recipe).filter);
  const url: FilterUrl = {
    text: asText(filter.text),
    source: asList(filter.sources ?? filter.source),
    tag: asList(filter.tags ?? filter.tag),
    version: asList(filter.versions),
    steps: asRange(filter.steps),
    chars: asRange(filter.chars),
    score: asRange(filter.score),
    after: asText(filter.createdAfter),
    before: asText(filter.createdBefore),
    dataset: asText(filter.datasetKey),
    split: asText(filter.split),
    importId: asText(filter.importId),
    meta: asMeta(filter.meta),
  };
  return Object.fromEntries(Object.entries(url).filter(([, value]) => value !== undefined));
}

/** Percent of a fraction, without the noise of binary fractions. */
const asPercent = (value: unknown, otherwise: string): string =>
  typeof value === 'number' ? String(Math.round(value * 1_000_000) / 10_000) : otherwise;

/** Strategy, limit, seed and split of a recipe. */
export function formOfRecipe(recipe: unknown): DatasetForm {
  const { strategy, limit, seed, split } = asObject(recipe);
  const { train, eval: evaluation, test } = asObject(split);
  return {
    ...emptyDatasetForm,
    strategy: strategy === 'RANDOM' ? 'RANDOM' : 'LATEST',
    limit: asNumber(limit),
    seed: asNumber(seed),
    train: asPercent(train, emptyDatasetForm.train),
    eval: asPercent(evaluation, emptyDatasetForm.eval),
    test: asPercent(test, emptyDatasetForm.test),
  };
}

/** Content hashes that a recipe already leaves out. */
export function excludedByRecipe(recipe: unknown): readonly string[] {
  const { exclude } = asObject(recipe);
  return Array.isArray(exclude) ? exclude.filter((hash) => typeof hash === 'string') : [];
}
