import { Button, Grid, Group, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { RunFields } from './RunFields.tsx';
import { RunPreviewPanel } from './RunPreviewPanel.tsx';
import { FIELD_OF_PATH, type FormErrors, type RunForm, toInput } from './runForm.ts';

const NewRunForm_Validate = graphql(`
  query NewRunForm_Validate($input: CreateRunInput!) {
    validateRun(input: $input) {
      __typename
      ... on RunPreview {
        warnings {
          code
        }
        ...RunPreviewPanel_RunPreview
      }
      ...Problem_Error
    }
  }
`);

const NewRunForm_Create = graphql(`
  mutation NewRunForm_Create($input: CreateRunInput!) {
    createRun(input: $input) {
      __typename
      ... on CreateRunPayload {
        created
        run {
          id
          number
          ...LiveRun_Run
        }
      }
      ...Problem_Error
    }
  }
`);

const PATHS = Object.keys(FIELD_OF_PATH);

/** Issues of the API as errors of fields, and what belongs to no field. */
function placeIssues(problem: Problem): { errors: FormErrors; rest: string[] } {
  const { byField, rest } = issuesByField(problem, PATHS);
  const errors: FormErrors = {};
  for (const [path, message] of Object.entries(byField)) {
    const field = FIELD_OF_PATH[path];
    if (field) errors[field] ??= message;
  }
  return { errors, rest };
}

const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

export function NewRunForm(props: {
  initial: RunForm;
  datasets: readonly { key: string; itemCount: number }[];
  evaluationSets: readonly { key: string; itemCount: number }[];
  models: readonly { id: string; family: string; description: string }[];
  advanced: boolean;
}) {
  const router = useRouter();
  const [form, setForm] = useState(props.initial);
  const [acknowledged, setAcknowledged] = useState<readonly string[]>([]);
  // One key per form: pressing twice, or again after a lost answer, starts one run.
  const [idempotencyKey, setIdempotencyKey] = useState(randomKey);
  const [submitProblem, setSubmitProblem] = useState<Problem>();
  const [{ fetching: creating }, create] = useMutation(NewRunForm_Create);

  const local = toInput(form);
  const isFilled = local.input.datasetKey !== '' && local.input.modelId !== '';
  const isNumeric = Object.keys(local.errors).length === 0;
  const wanted = JSON.stringify({ ...local.input, acknowledgedWarnings: acknowledged });
  const [settled] = useDebouncedValue(wanted, 300);
  const [validation] = useQuery({
    query: NewRunForm_Validate,
    variables: { input: JSON.parse(settled) as typeof local.input },
    requestPolicy: 'network-only',
    pause: !isFilled || !isNumeric,
  });

  const answer = validation.data?.validateRun;
  const preview = answer?.__typename === 'RunPreview' ? answer : undefined;
  const checked = answer && answer.__typename !== 'RunPreview' ? readProblem(answer) : undefined;
  const problem = submitProblem ?? checked;
  const placed = problem ? placeIssues(problem) : { errors: {}, rest: [] };
  const isFresh = settled === wanted && !validation.fetching && !validation.stale;
  const open = preview?.warnings.filter(({ code }) => !acknowledged.includes(code)) ?? [];
  const canSubmit = isFresh && preview !== undefined && open.length === 0 && isNumeric;

  function change(part: Partial<RunForm>) {
    setForm((before) => ({ ...before, ...part }));
    setSubmitProblem(undefined);
    setIdempotencyKey(randomKey());
  }

  function acknowledge(code: string, yes: boolean) {
    setAcknowledged((before) => before.filter((known) => known !== code).concat(yes ? code : []));
  }

  async function submit() {
    const input = { ...local.input, acknowledgedWarnings: [...acknowledged], idempotencyKey };
    const { data, error } = await create({ input });
    if (error) tellFailure(error);
    else if (data?.createRun.__typename === 'CreateRunPayload') {
      router.history.push(paths.run(data.createRun.run.number));
    } else if (data) setSubmitProblem(readProblem(data.createRun));
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (canSubmit) void submit();
      }}
      data-testid="new-run-form"
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title="What to run">
            <Stack gap="md">
              <RunFields
                form={form}
                onChange={change}
                errors={{ ...placed.errors, ...local.errors }}
                datasets={props.datasets}
                evaluationSets={props.evaluationSets}
                models={props.models}
                advanced={props.advanced}
              />
              {placed.rest.length > 0 && (
                <Notice tone="bad" testId="form-problem">
                  {placed.rest.join('; ')}
                </Notice>
              )}
              {validation.error && (
                <Notice tone="warn">The server could not be asked to validate this.</Notice>
              )}
              <Group justify="flex-end">
                <Button type="submit" loading={creating} disabled={!canSubmit} data-testid="submit">
                  {form.mode === 'DRY_RUN' ? 'Start dry run' : 'Start run'}
                </Button>
              </Group>
            </Stack>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <RunPreviewPanel
            preview={preview}
            fresh={isFresh}
            acknowledged={acknowledged}
            onAcknowledge={acknowledge}
          />
        </Grid.Col>
      </Grid>
    </form>
  );
}
