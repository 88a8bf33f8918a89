import { Button, Group, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { DatasetFields } from './DatasetFields.tsx';
import {
  type DatasetErrors,
  type DatasetForm,
  emptyDatasetForm,
  FIELD_OF_PATH,
  toFilter,
  toInput,
} from './datasetForm.ts';

const NewDatasetPage_Query = graphql(`
  query NewDatasetPage_Query {
    traceSources
  }
`);

const NewDatasetPage_Count = graphql(`
  query NewDatasetPage_Count($filter: DatasetFilter) {
    datasetSelectionCount(filter: $filter)
  }
`);

const NewDatasetPage_Build = graphql(`
  mutation NewDatasetPage_Build($input: BuildDatasetInput!) {
    buildDataset(input: $input) {
      __typename
      ... on BuildDatasetPayload {
        dataset {
          id
          key
        }
      }
      ...Problem_Error
    }
  }
`);

function placeIssues(problem: Problem): { errors: DatasetErrors; rest: string[] } {
  const { byField, rest } = issuesByField(problem, Object.keys(FIELD_OF_PATH));
  const errors: DatasetErrors = {};
  for (const [path, message] of Object.entries(byField)) {
    const field = FIELD_OF_PATH[path];
    if (field) errors[field] ??= message;
  }
  return { errors, rest };
}

export function NewDatasetPage() {
  const router = useRouter();
  const [url] = useUrlState('source', 'tag');
  const { data } = usePageQuery({ query: NewDatasetPage_Query });
  const [form, setForm] = useState<DatasetForm>({
    ...emptyDatasetForm,
    source: url.source ?? '',
    tag: url.tag ?? '',
  });
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, build] = useMutation(NewDatasetPage_Build);

  const [filter] = useDebouncedValue(JSON.stringify(toFilter(form)), 300);
  const [count] = useQuery({
    query: NewDatasetPage_Count,
    variables: { filter: JSON.parse(filter) as ReturnType<typeof toFilter> },
    requestPolicy: 'network-only',
  });
  const matching = count.data?.datasetSelectionCount;
  const { input, errors: local } = toInput(form);
  const placed = problem ? placeIssues(problem) : { errors: {}, rest: [] };
  const isFilled = input.name !== '' && input.version !== '';

  function change(part: Partial<DatasetForm>) {
    setForm((before) => ({ ...before, ...part }));
    setProblem(undefined);
  }

  async function submit() {
    const result = await build({ input });
    if (result.error) return tellFailure(result.error);
    const answer = result.data?.buildDataset;
    if (answer?.__typename === 'BuildDatasetPayload') {
      tellDone(`Built ${answer.dataset.key}`);
      return router.history.push(paths.dataset(answer.dataset.key));
    }
    if (answer) setProblem(readProblem(answer));
    return undefined;
  }

  return (
    <Page
      title="Build a dataset"
      description="Selects over all matching traces. The same recipe gives the same content hash."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        style={{ maxWidth: 720 }}
        data-testid="new-dataset-form"
      >
        <Section>
          <Stack gap="md">
            <DatasetFields
              form={form}
              errors={{ ...placed.errors, ...local }}
              onChange={change}
              sources={data?.traceSources ?? []}
            />
            {placed.rest.length > 0 && (
              <Notice tone="bad" testId="form-problem">
                {placed.rest.join('; ')}
              </Notice>
            )}
            <Group justify="space-between">
              <span role="status" data-testid="selection-count">
                {matching === undefined ? 'Counting…' : `${formatCount(matching)} traces match`}
              </span>
              <Button
                type="submit"
                loading={fetching}
                disabled={!isFilled || Object.keys(local).length > 0 || matching === 0}
                data-testid="submit"
              >
                Build {isFilled ? `${input.name}-${input.version}` : ''}
              </Button>
            </Group>
          </Stack>
        </Section>
      </form>
    </Page>
  );
}
