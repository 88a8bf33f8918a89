/** The build form as text and the way to the API's input; empty fields are left to the server. */
import type { BuildDatasetInput, DatasetFilter, SelectionStrategy } from '../gql/graphql.ts';

export type DatasetForm = {
  name: string;
  version: string;
  source: string;
  tag: string;
  strategy: SelectionStrategy;
  limit: string;
  seed: string;
  train: string;
  eval: string;
  test: string;
};

export const emptyDatasetForm: DatasetForm = {
  name: '',
  version: 'v1',
  source: '',
  tag: '',
  strategy: 'LATEST',
  limit: '',
  seed: '',
  train: '80',
  eval: '10',
  test: '10',
};

export type DatasetErrors = Partial<Record<keyof DatasetForm, string>>;

export const FIELD_OF_PATH: Readonly<Record<string, keyof DatasetForm>> = {
  name: 'name',
  version: 'version',
  filter: 'source',
  'filter.source': 'source',
  'filter.tag': 'tag',
  strategy: 'strategy',
  limit: 'limit',
  seed: 'seed',
  split: 'train',
  'split.train': 'train',
  'split.eval': 'eval',
  'split.test': 'test',
};

export const toFilter = (form: DatasetForm): DatasetFilter => ({
  source: form.source.trim() || undefined,
  tag: form.tag.trim() || undefined,
});

export function toInput(form: DatasetForm): { input: BuildDatasetInput; errors: DatasetErrors } {
  const errors: DatasetErrors = {};
  const numberOf = (field: keyof DatasetForm): number | undefined => {
    const text = form[field].trim();
    if (text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    errors[field] = 'This is not a number';
    return undefined;
  };
  const percents = [numberOf('train') ?? 0, numberOf('eval') ?? 0, numberOf('test') ?? 0];
  const sum = percents.reduce((total, percent) => total + percent, 0);
  if (Math.abs(sum - 100) > 0.001) errors.train ??= `The parts add up to ${sum} %, not 100 %`;
  // In steps of 1e-6: 0.1 + 0.2 must not become 0.30000000000000004 in a stored recipe.
  const [train = 0, evaluation = 0, test = 0] = percents.map(
    (percent) => Math.round(percent * 10_000) / 1_000_000,
  );
  return {
    errors,
    input: {
      name: form.name.trim(),
      version: form.version.trim(),
      filter: toFilter(form),
      strategy: form.strategy,
      limit: numberOf('limit'),
      seed: form.strategy === 'RANDOM' ? numberOf('seed') : undefined,
      split: { train, eval: evaluation, test },
    },
  };
}
