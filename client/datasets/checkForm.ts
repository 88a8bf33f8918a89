/** The budgets of a check as text and the way to the API's input; what is empty the server decides. */
import type { CheckDatasetInput } from '../gql/graphql.ts';
import { issuesByField, type Problem } from '../lib/problem.ts';

export type CheckForm = { modelId: string; maxTokens: string; maxChars: string };
export type CheckErrors = Partial<Record<keyof CheckForm, string>>;

const FIELDS = ['modelId', 'maxTokens', 'maxChars'] as const;

function wholeNumber(text: string): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) ? value : undefined;
}

/** The input and what cannot be sent, by field. */
export function toCheckInput(
  datasetKey: string,
  form: CheckForm,
): { input: CheckDatasetInput; errors: CheckErrors } {
  const errors: CheckErrors = {};
  for (const field of ['maxTokens', 'maxChars'] as const) {
    if (form[field].trim() && wholeNumber(form[field]) === undefined) {
      errors[field] = 'This is not a whole number';
    }
  }
  return {
    errors,
    input: {
      datasetKey,
      modelId: form.modelId || undefined,
      maxTokens: wholeNumber(form.maxTokens),
      maxChars: wholeNumber(form.maxChars),
    },
  };
}

export const placeCheckIssues = (problem: Problem) => issuesByField(problem, FIELDS);
