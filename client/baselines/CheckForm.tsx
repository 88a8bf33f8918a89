import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { type Problem, problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { useUrlState } from '../lib/url.ts';
import { Notice } from '../ui/Notice.tsx';
import { CheckVerdict } from './CheckVerdict.tsx';

const CheckForm_Query = graphql(`
  query CheckForm_Query {
    runs(filter: { status: [COMPLETED] }, first: 100) {
      edges {
        node {
          id
          number
          name
          mode
          dataset {
            id
            key
          }
          evaluationSet {
            id
            key
          }
        }
      }
    }
  }
`);

const CheckForm_Check = graphql(`
  mutation CheckForm_Check($input: CheckRegressionInput!) {
    checkRegression(input: $input) {
      __typename
      ... on CheckRegressionPayload {
        check {
          id
          ...CheckVerdict_Check
        }
      }
      ...Problem_Error
    }
  }
`);

/** Checks one run against a baseline; the check is stored and told in full. */
export function CheckForm(props: { baseline: string; onChecked: () => void }) {
  const [url, setUrl] = useUrlState('run');
  const [{ data }] = useQuery({ query: CheckForm_Query });
  const [{ fetching, data: answer }, check] = useMutation(CheckForm_Check);
  const [problem, setProblem] = useState<Problem>();
  const runs =
    data?.runs.edges.map(({ node }) => node).filter(({ mode }) => mode !== 'DRY_RUN') ?? [];
  const chosen = runs.find(({ number }) => String(number) === url.run);
  const payload = answer?.checkRegression;
  const done = payload?.__typename === 'CheckRegressionPayload' ? payload.check : undefined;

  async function submit() {
    if (!chosen) return;
    setProblem(undefined);
    const result = await check({ input: { baseline: props.baseline, runId: chosen.id } });
    if (result.error) tellFailure(result.error);
    else if (result.data?.checkRegression.__typename === 'CheckRegressionPayload')
      props.onChecked();
    else if (result.data) setProblem(readProblem(result.data.checkRegression));
  }

  return (
    <Stack gap="md">
      <Group align="flex-end">
        <Select
          label="Run"
          placeholder="A completed run"
          searchable
          flex={1}
          data={runs.map(({ number, name, dataset, evaluationSet }) => ({
            value: String(number),
            label: `#${number}${name ? ` ${name}` : ''} on ${evaluationSet?.key ?? dataset?.key ?? 'nothing'}`,
          }))}
          value={chosen ? (url.run ?? null) : null}
          onChange={(run) => setUrl({ run })}
        />
        <Button
          loading={fetching}
          disabled={!chosen}
          onClick={() => void submit()}
          data-testid="check-run"
        >
          Check
        </Button>
      </Group>
      {problem && <Notice tone="bad">{problemText(problem)}</Notice>}
      {done && !problem && (
        <div role="status">
          <CheckVerdict check={done} />
        </div>
      )}
    </Stack>
  );
}
