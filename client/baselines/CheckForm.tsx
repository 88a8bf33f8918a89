import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { type Problem, problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { useUrlState } from '../lib/url.ts';
import { Notice } from '../ui/Notice.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const CheckForm_Query = graphql(`
  query CheckForm_Query {
    runs(filter: { status: [COMPLETED], mode: LOCAL }, first: 50) {
      edges {
        node {
          id
          number
          name
          dataset {
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
          verdict
          reasons
        }
      }
      ...Problem_Error
    }
  }
`);

export function CheckForm(props: { baseline: string; onChecked: () => void }) {
  const [url, setUrl] = useUrlState('run');
  const [{ data }] = useQuery({ query: CheckForm_Query });
  const [{ fetching, data: answer }, check] = useMutation(CheckForm_Check);
  const [problem, setProblem] = useState<Problem>();
  const runs = data?.runs.edges.map(({ node }) => node) ?? [];
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
          data={runs.map(({ number, name, dataset }) => ({
            value: String(number),
            label: `#${number}${name ? ` ${name}` : ''} on ${dataset?.key ?? 'an evaluation set'}`,
          }))}
          value={url.run ?? null}
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
      {done && (
        <Group gap="sm" role="status">
          <VerdictTag verdict={done.verdict} />
          <Text size="sm">{done.reasons.join(' ')}</Text>
        </Group>
      )}
    </Stack>
  );
}
