import { isObject } from '../lib/isObject.ts';

const words = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (word): word is string => typeof word === 'string' && word !== '',
  );

const quoted = (list: readonly string[], join: string): string =>
  list.map((word) => `“${word}”`).join(join);

function range(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { min, max } = value;
  if (typeof min === 'number' && typeof max === 'number') return `${min} to ${max}`;
  if (typeof min === 'number') return `at least ${min}`;
  if (typeof max === 'number') return `at most ${max}`;
  return undefined;
}

/** Each condition of a filter as half a sentence. */
function filterWords(filter: unknown): string[] {
  if (!isObject(filter)) return [];
  const out: string[] = [];
  const sources = words(filter.sources ?? filter.source);
  const tags = words(filter.tags ?? filter.tag);
  const versions = words(filter.versions);
  if (words(filter.text).length > 0) out.push(`whose text matches “${String(filter.text)}”`);
  if (sources.length > 0) out.push(`from ${quoted(sources, ' or ')}`);
  if (tags.length > 0) out.push(`tagged ${quoted(tags, ' and ')}`);
  if (versions.length > 0) out.push(`in format ${quoted(versions, ' or ')}`);
  if (words(filter.createdAfter).length > 0) out.push(`added from ${String(filter.createdAfter)}`);
  if (words(filter.createdBefore).length > 0) {
    out.push(`added before ${String(filter.createdBefore)}`);
  }
  const steps = range(filter.steps);
  const chars = range(filter.chars);
  const score = range(filter.score);
  if (steps) out.push(`with ${steps} steps`);
  if (chars) out.push(`with ${chars} characters`);
  if (score) out.push(`with a baseline score of ${score}`);
  if (words(filter.datasetKey).length > 0) {
    const side = words(filter.split).map((split) => `the ${split.toLowerCase()} side of `);
    out.push(`that stand in ${side.join('')}${String(filter.datasetKey)}`);
  }
  if (words(filter.importId).length > 0) out.push(`of the import ${String(filter.importId)}`);
  if (isObject(filter.meta) && Object.keys(filter.meta).length > 0) {
    out.push(`whose metadata has ${JSON.stringify(filter.meta)}`);
  }
  return out;
}

const percent = (value: unknown): string => `${Math.round(Number(value) * 10_000) / 100} %`;

/** What the recipe did, in the order it did it. */
export function recipeWords(recipe: unknown): string[] {
  if (!isObject(recipe)) return [];
  const out: string[] = [];
  const conditions = filterWords(recipe.filter);
  out.push(
    conditions.length > 0 ? `Takes traces ${conditions.join(', ')}.` : 'Takes any stored trace.',
  );
  const left = Array.isArray(recipe.exclude) ? recipe.exclude.length : 0;
  if (left > 0) {
    out.push(`Leaves out ${left.toLocaleString('en-US')} that were excluded by their content.`);
  }
  if (typeof recipe.limit === 'number') {
    const limit = recipe.limit.toLocaleString('en-US');
    out.push(
      recipe.strategy === 'RANDOM'
        ? `Of these at most ${limit}, chosen by seed ${String(recipe.seed)} and their content.`
        : `Of these the newest ${limit}.`,
    );
  }
  if (isObject(recipe.split)) {
    const { train, eval: evaluation, test } = recipe.split;
    out.push(
      `About ${percent(train)} to train, ${percent(evaluation)} to eval, ${percent(test)} to test: the side is a hash of the prompt, so one prompt is never on two.`,
    );
  }
  return out;
}
