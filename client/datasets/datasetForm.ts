/** The build form as text and the way to the API's input; empty fields are left to the server. */
import type { BuildDatasetInput, DatasetFilter, SelectionStrategy } from '../gql/graphql.ts';
import { issuesByField, type Problem, problemText } from '../lib/problem.ts';

export type DatasetForm = {
  name: string;
  version: string;
  strategy: SelectionStrategy;
  limit: string;
  seed: string;
  train: string;
  eval: string;
  test: string;
  note: string;
};

export const emptyDatasetForm: DatasetForm = {
  name: '',
  version: 'v1',
  strategy: 'LATEST',
  limit: '',
  seed: '',
  train: '80',
  eval: '10',
  test: '10',
  note: '',
};

export type DatasetErrors = Partial<Record<keyof DatasetForm, string>>;

const FIELD_OF_PATH: Readonly<Record<string, keyof DatasetForm>> = {
  name: 'name',
  version: 'version',
  strategy: 'strategy',
  limit: 'limit',
  seed: 'seed',
  split: 'train',
  'split.train': 'train',
  'split.eval': 'eval',
  'split.test': 'test',
  provenance: 'note',
};

/** What the server refuses, beside the field it is about; a taken key is about the version. */
export function placeProblem(problem: Problem): { errors: DatasetErrors; rest: string[] } {
  if (problem.__typename === 'ConflictError') {
    return { errors: { version: problemText(problem) }, rest: [] };
  }
  const { byField, rest } = issuesByField(problem, Object.keys(FIELD_OF_PATH));
  const errors: DatasetErrors = {};
  for (const [path, message] of Object.entries(byField)) {
    const field = FIELD_OF_PATH[path];
    if (field) errors[field] ??= message;
  }
  return { errors, rest };
}

type Selection = Pick<BuildDatasetInput, 'strategy' | 'limit' | 'seed' | 'split'>;

/** The part of the form that decides which traces are taken and where they stand. */
export function toSelection(form: DatasetForm): { selection: Selection; errors: DatasetErrors } {
  const errors: DatasetErrors = {};
  const numberOf = (field: 'limit' | 'seed' | 'train' | 'eval' | 'test'): number | undefined => {
    const text = form[field].trim();
    if (text === '') return undefined;
    const value = Number(text);
    const isWhole = Number.isInteger(value) || (field !== 'limit' && field !== 'seed');
    if (Number.isFinite(value) && isWhole) return value;
    errors[field] = Number.isFinite(value) ? 'This is not a whole number' : 'This is not a number';
    return undefined;
  };
  const percents = [numberOf('train') ?? 0, numberOf('eval') ?? 0, numberOf('test') ?? 0];
  const sum = percents.reduce((total, percent) => total + percent, 0);
  if (Math.abs(sum - 100) > 0.001) errors.train ??= `The parts add up to ${sum} %, not 100 %`;
  const seed = form.strategy === 'RANDOM' ? numberOf('seed') : undefined;
  if (form.strategy === 'RANDOM' && seed === undefined) {
    errors.seed ??= 'A random choice needs a seed, so that it can be repeated';
  }
  // In steps of 1e-6: 0.1 + 0.2 must not become 0.30000000000000004 in a stored recipe.
  const [train = 0, evaluation = 0, test = 0] = percents.map(
    (percent) => Math.round(percent * 10_000) / 1_000_000,
  );
  return {
    errors,
    selection: {
      strategy: form.strategy,
      limit: numberOf('limit'),
      seed,
      split: { train, eval: evaluation, test },
    },
  };
}

/** Everything `buildDataset` is sent, and what is wrong with it before it is sent. */
export function toInput(
  form: DatasetForm,
  beside: {
    filter: DatasetFilter;
    exclude: BuildDatasetInput['exclude'];
    parentKey: string | undefined;
  },
): { input: BuildDatasetInput; errors: DatasetErrors } {
  const { selection, errors } = toSelection(form);
  const note = form.note.trim();
  return {
    errors,
    input: {
      name: form.name.trim(),
      version: form.version.trim(),
      ...selection,
      ...beside,
      provenance: note ? { note } : undefined,
    },
  };
}
