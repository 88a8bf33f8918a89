/** The options of `build` that say which traces may be in a dataset. */
import { given, Misused, objectOf } from './define.ts';

export const FILTER_HELP = `  --source TEXT      where they came from; may be given many times, for any of them
  --tag TAG          a label they have; may be given many times, for all of them
  --text WORDS       words in prompt, steps or answer: 'train speed', '"train speed"'; without a word
                     as --text='-bus'
  --import ID        the import that brought them
  --score A..B       their baseline score; either end may be missing: 50.. or ..80
  --steps A..B       how many steps they have
  --chars A..B       how many characters they have
  --after TIME       stored at this moment or later
  --before TIME      stored before this moment
  --from KEY         in this dataset
  --from-split SIDE  on this side of it: train, eval or test
  --meta JSON        top-level keys of meta that are equal
  --filter JSON      DatasetFilter of the API; the options above come on top of it`;

export const FILTER_OPTIONS = {
  source: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  text: { type: 'string' },
  import: { type: 'string' },
  score: { type: 'string' },
  steps: { type: 'string' },
  chars: { type: 'string' },
  after: { type: 'string' },
  before: { type: 'string' },
  from: { type: 'string' },
  'from-split': { type: 'string' },
  meta: { type: 'string' },
  filter: { type: 'string' },
} as const;

type Values = {
  [Name in keyof typeof FILTER_OPTIONS]?:
    | ((typeof FILTER_OPTIONS)[Name] extends { multiple: true } ? string[] : string)
    | undefined;
};

const NUMBER = /^-?\d+(\.\d+)?$/;

/** `A..B` as a range of the API. @throws Misused */
function rangeOf(name: string, text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [low, high, ...more] = text.split('..');
  const isRange = high !== undefined && more.length === 0 && text !== '..';
  const areNumbers = [low, high].every((end) => !end || NUMBER.test(end));
  if (!isRange || !areNumbers) throw new Misused(`--${name} takes a range: 2..5, 2.. or ..5.`);
  return given({ min: low ? Number(low) : undefined, max: high ? Number(high) : undefined });
}

/** What the options say, as DatasetFilter of the API. @throws Misused */
export const buildFilter = (values: Values): Record<string, unknown> => ({
  ...objectOf('filter', values.filter),
  ...given({
    sources: values.source,
    tags: values.tag,
    text: values.text,
    importId: values.import,
    score: rangeOf('score', values.score),
    steps: rangeOf('steps', values.steps),
    chars: rangeOf('chars', values.chars),
    createdAfter: values.after,
    createdBefore: values.before,
    datasetKey: values.from,
    split: values['from-split']?.toUpperCase(),
    meta: objectOf('meta', values.meta),
  }),
});
