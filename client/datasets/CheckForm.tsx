import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { type CheckForm as Form, placeCheckIssues, toCheckInput } from './checkForm.ts';

const CheckForm_Start = graphql(`
  mutation CheckForm_Start($input: CheckDatasetInput!) {
    checkDataset(input: $input) {
      __typename
      ... on CheckDatasetPayload {
        check {
          id
          dataset {
            id
            latestCheck {
              id
              ...CheckTag_DatasetCheck
            }
          }
        }
      }
      ...Problem_Error
    }
  }
`);

/** Starts a check with the budgets it is given. */
export function CheckForm(props: {
  datasetKey: string;
  isAgain: boolean;
  models: readonly string[];
  onStarted: () => void;
}) {
  const [form, setForm] = useState<Form>({ modelId: '', maxTokens: '', maxChars: '' });
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, start] = useMutation(CheckForm_Start);
  const { input, errors } = toCheckInput(props.datasetKey, form);
  const placed = problem ? placeCheckIssues(problem) : { byField: {}, rest: [] };
  const shown = { ...placed.byField, ...errors };

  function change(part: Partial<Form>) {
    setForm((before) => ({ ...before, ...part }));
    setProblem(undefined);
  }

  async function submit() {
    const { data, error } = await start({ input });
    if (error) tellFailure(error);
    else if (data?.checkDataset.__typename === 'CheckDatasetPayload') props.onStarted();
    else if (data) setProblem(readProblem(data.checkDataset));
  }

  return (
    <Section source={null} title={props.isAgain ? 'Check again' : 'Check it'}>
      <form
        data-testid="check-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            <Select
              label="Model"
              description="whose tokens are counted"
              placeholder="The built-in one"
              clearable
              searchable
              data={props.models}
              value={form.modelId || null}
              error={shown.modelId}
              onChange={(modelId) => change({ modelId: modelId ?? '' })}
            />
            <TextInput
              label="Max tokens"
              description="of a rendered item"
              placeholder="2048"
              inputMode="numeric"
              value={form.maxTokens}
              error={shown.maxTokens}
              onChange={(event) => change({ maxTokens: event.currentTarget.value })}
            />
            <TextInput
              label="Max characters"
              description="of prompt, steps and answer"
              placeholder="4 × max tokens"
              inputMode="numeric"
              value={form.maxChars}
              error={shown.maxChars}
              onChange={(event) => change({ maxChars: event.currentTarget.value })}
            />
          </SimpleGrid>
          {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
          <Group justify="flex-end">
            <Button
              type="submit"
              variant={props.isAgain ? 'default' : 'filled'}
              loading={fetching}
              disabled={Object.keys(errors).length > 0}
              data-testid="start-check"
            >
              {props.isAgain ? 'Check again' : 'Start check'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
