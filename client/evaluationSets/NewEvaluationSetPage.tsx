import '@mantine/dropzone/styles.css';
import { Button, Grid, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { type ChangeEvent, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { formatBytes } from '../lib/format.ts';
import { MayPage } from '../lib/MayPage.tsx';
import { type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { UnansweredNotice } from '../lib/UnansweredNotice.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Code } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { SetReport } from './SetReport.tsx';
import { nameOfFile, placeProblem, SAMPLE } from './setForm.ts';

const NewEvaluationSetPage_Validate = graphql(`
  query NewEvaluationSetPage_Validate($jsonl: String!) {
    validateEvaluationSet(jsonl: $jsonl) {
      valid
      itemCount
      ...SetReport_Report
    }
  }
`);

const NewEvaluationSetPage_Create = graphql(`
  mutation NewEvaluationSetPage_Create($input: CreateEvaluationSetInput!) {
    createEvaluationSet(input: $input) {
      __typename
      ... on CreateEvaluationSetPayload {
        evaluationSet {
          id
          key
        }
      }
      ...Problem_Error
    }
  }
`);

/** What the API takes at once. */
const MOST_BYTES = 10 * 1024 * 1024;

type Form = { name: string; version: string; jsonl: string };

/** From a file to a set: the text is checked as it changes, and can be mended here. */
export function NewEvaluationSetPage() {
  return (
    <MayPage scope="EVALUATIONS_WRITE" title="Import an evaluation set">
      <NewEvaluationSet />
    </MayPage>
  );
}

function NewEvaluationSet() {
  const router = useRouter();
  const [form, setForm] = useState<Form>({ name: '', version: 'v1', jsonl: '' });
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching: isCreating }, create] = useMutation(NewEvaluationSetPage_Create);

  const bytes = new Blob([form.jsonl]).size;
  const isEmpty = form.jsonl.trim() === '';
  const isTooBig = bytes > MOST_BYTES;
  const [settled] = useDebouncedValue(form.jsonl, 400);
  const validation = usePartQuery({
    query: NewEvaluationSetPage_Validate,
    variables: { jsonl: settled },
    pause: isEmpty || isTooBig || settled.trim() === '',
    requestPolicy: 'network-only',
  });
  const isFresh = settled === form.jsonl && !validation.loading;
  const report = isEmpty ? undefined : validation.data?.validateEvaluationSet;
  const placed = problem ? placeProblem(problem) : { byField: {}, rest: [] };
  const isNamed = form.name.trim() !== '' && form.version.trim() !== '';
  const canCreate = isFresh && !isTooBig && report?.valid === true && isNamed;

  function change(part: Partial<Form>) {
    setForm((before) => ({ ...before, ...part }));
    setProblem(undefined);
  }
  const text = (name: 'name' | 'version') => ({
    name,
    value: form[name],
    error: placed.byField[name],
    autoComplete: 'off',
    onChange: (event: ChangeEvent<HTMLInputElement>) =>
      change({ [name]: event.currentTarget.value }),
  });

  async function readFile(file: File) {
    const jsonl = await file.text();
    change({ jsonl, name: form.name || nameOfFile(file.name) });
  }

  async function submit() {
    const input = { name: form.name.trim(), version: form.version.trim(), jsonl: form.jsonl };
    const { data, error } = await create({ input });
    if (error) tellFailure(error);
    else if (data?.createEvaluationSet.__typename === 'CreateEvaluationSetPayload') {
      const { key } = data.createEvaluationSet.evaluationSet;
      tellDone(`Imported ${key}`);
      router.history.push(paths.evaluationSet(key));
    } else if (data) setProblem(readProblem(data.createEvaluationSet));
  }

  return (
    <Page
      title="Import an evaluation set"
      description="One question per line. It is stored whole or not at all, and never changes."
    >
      <form
        data-testid="new-evaluation-set-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (canCreate) void submit();
        }}
      >
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Section>
              <Stack gap="md">
                <Dropzone
                  onDrop={(files) => {
                    const [file] = files;
                    if (file) void readFile(file);
                  }}
                  multiple={false}
                  maxSize={MOST_BYTES}
                  onReject={() =>
                    tellProblem(`Drop one file of at most ${formatBytes(MOST_BYTES)}`)
                  }
                  inputProps={{ 'aria-label': 'JSONL file' }}
                  data-testid="set-drop"
                >
                  <Stack
                    align="center"
                    gap={4}
                    py="sm"
                    ta="center"
                    style={{ pointerEvents: 'none' }}
                  >
                    <Icon name="upload" size={24} />
                    <Text fw={500}>Drop a .jsonl file here, or click to choose</Text>
                    <Text size="xs" c="dimmed">
                      At most {formatBytes(MOST_BYTES)}
                    </Text>
                  </Stack>
                </Dropzone>
                <Textarea
                  label="Lines"
                  placeholder={SAMPLE}
                  autosize
                  minRows={6}
                  maxRows={16}
                  spellCheck={false}
                  value={form.jsonl}
                  error={isTooBig ? `${formatBytes(bytes)} are too many` : undefined}
                  onChange={(event) => change({ jsonl: event.currentTarget.value })}
                  styles={{
                    input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 },
                  }}
                  data-testid="set-text"
                />
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                  <TextInput label="Name" placeholder="gsm8k" required {...text('name')} />
                  <TextInput label="Version" placeholder="v1" required {...text('version')} />
                </SimpleGrid>
                {placed.rest.length > 0 && (
                  <Notice tone="bad" testId="form-problem">
                    {placed.rest.join('; ')}
                  </Notice>
                )}
                <Group justify="flex-end">
                  <Button
                    type="submit"
                    loading={isCreating}
                    disabled={!canCreate}
                    data-testid="submit"
                  >
                    Create {isNamed ? `${form.name.trim()}-${form.version.trim()}` : ''}
                  </Button>
                </Group>
              </Stack>
            </Section>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Section title="Report" flush testId="set-report">
              {report ? (
                <SetReport report={report} fresh={isFresh} />
              ) : (
                <Stack gap="xs" p="md">
                  {validation.error && (
                    <UnansweredNotice
                      title="The lines could not be checked"
                      error={validation.error}
                      onRetry={validation.refetch}
                    />
                  )}
                  <Text size="sm" c="dimmed">
                    Every line is checked here before anything is stored. A line looks like this:
                  </Text>
                  <Code label="sample line" wrap>
                    {SAMPLE}
                  </Code>
                  <Text size="xs" c="dimmed">
                    Required: id, prompt, expected_answer. Optional: alternatives, category,
                    difficulty, section.
                  </Text>
                </Stack>
              )}
            </Section>
          </Grid.Col>
        </Grid>
      </form>
    </Page>
  );
}
