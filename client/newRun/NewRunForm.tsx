import { Button, Grid, Group, SegmentedControl, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { randomKey } from '../lib/randomKey.ts';
import { tellFailure } from '../lib/tell.ts';
import { UnansweredNotice } from '../lib/UnansweredNotice.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { SourceContext } from '../ui/source.ts';
import { advancedFaults } from './advanced.ts';
import { ChangesPanel } from './ChangesPanel.tsx';
import { listChanges, toCloneChanges } from './cloneChanges.ts';
import { RunFields } from './RunFields.tsx';
import { RunPreviewPanel } from './RunPreviewPanel.tsx';
import { defaultsOf, FIELD_OF_PATH, type FormErrors, type RunForm, toInput } from './runForm.ts';

// YAML is read by a library of its own, for those who write it.
const RunYaml = lazy(async () => ({ default: (await import('./RunYaml.tsx')).RunYaml }));

const NewRunForm_Validate = graphql(`
  query NewRunForm_Validate($input: CreateRunInput!) {
    validateRun(input: $input) {
      __typename
      ... on RunPreview {
        config
        timeoutSeconds
        priority
        maxAttempts
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

const NewRunForm_Clone = graphql(`
  mutation NewRunForm_Clone($input: CloneRunInput!) {
    cloneRun(input: $input) {
      __typename
      ... on CloneRunPayload {
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

/** Issues of the API as errors of fields, those of the editor, and what belongs to neither. */
function placeIssues(problem: Problem) {
  const issues = problem.__typename === 'ValidationError' ? problem.issues : [];
  const isOfEditor = (path: readonly string[]) => path[0] === 'advanced';
  const others =
    problem.__typename === 'ValidationError'
      ? { ...problem, issues: issues.filter(({ path }) => !isOfEditor(path)) }
      : problem;
  const { byField, rest } = issuesByField(others, PATHS);
  const errors: FormErrors = {};
  for (const [path, message] of Object.entries(byField)) {
    const field = FIELD_OF_PATH[path];
    if (field) errors[field] ??= message;
  }
  return { errors, faults: advancedFaults(issues), rest };
}

export function NewRunForm(props: {
  initial: RunForm;
  datasets: readonly { key: string; itemCount: number }[];
  evaluationSets: readonly { key: string; itemCount: number }[];
  models: readonly { id: string; family: string; description: string }[];
  labels: readonly string[];
  /** The run it is a clone of. */
  parent: { id: string; number: number } | undefined;
  advanced: boolean;
}) {
  const { parent } = props;
  const router = useRouter();
  const [form, setForm] = useState(props.initial);
  const [url, setUrl] = useUrlState('view');
  const isYaml = url.view === 'yaml';
  const [isUnreadable, setIsUnreadable] = useState(false);
  const [acknowledged, setAcknowledged] = useState<readonly string[]>([]);
  // One key per form: pressing twice, or again after a lost answer, starts one run.
  const [idempotencyKey, setIdempotencyKey] = useState(randomKey);
  const [submitProblem, setSubmitProblem] = useState<Problem>();
  const [{ fetching: creating }, create] = useMutation(NewRunForm_Create);
  const [{ fetching: cloning }, clone] = useMutation(NewRunForm_Clone);
  const [before] = useState(() => toInput(props.initial).input);

  const local = toInput(form);
  const isFilled = local.input.datasetKey !== '' && local.input.modelId !== '';
  const isNumeric = Object.keys(local.errors).length === 0;
  const wanted = JSON.stringify({ ...local.input, acknowledgedWarnings: acknowledged });
  const [settled] = useDebouncedValue(wanted, 300);
  const validation = usePartQuery({
    query: NewRunForm_Validate,
    variables: { input: JSON.parse(settled) as typeof local.input },
    requestPolicy: 'network-only',
    pause: !isFilled || !isNumeric,
  });

  const answer = validation.data?.validateRun;
  const preview = answer?.__typename === 'RunPreview' ? answer : undefined;
  // Still shown while what is typed cannot be resolved.
  const [resolved, setResolved] = useState(preview);
  if (preview && preview !== resolved) setResolved(preview);
  const checked = answer && answer.__typename !== 'RunPreview' ? readProblem(answer) : undefined;
  const problem = submitProblem ?? checked;
  const placed = problem ? placeIssues(problem) : { errors: {}, faults: [], rest: [] };
  const isFresh = settled === wanted && !validation.loading;
  const open = preview?.warnings.filter(({ code }) => !acknowledged.includes(code)) ?? [];
  const canSubmit =
    isFresh && preview !== undefined && open.length === 0 && isNumeric && !isUnreadable;

  function change(part: Partial<RunForm>) {
    setForm((before) => ({ ...before, ...part }));
    setSubmitProblem(undefined);
    setIdempotencyKey(randomKey());
  }

  function acknowledge(code: string, yes: boolean) {
    setAcknowledged((before) => before.filter((known) => known !== code).concat(yes ? code : []));
  }

  async function submit() {
    const asked = { acknowledgedWarnings: [...acknowledged], idempotencyKey };
    const { answer: made, error } = parent
      ? await clone({
          input: { runId: parent.id, changes: toCloneChanges(before, local.input), ...asked },
        }).then(({ data, error }) => ({ answer: data?.cloneRun, error }))
      : await create({ input: { ...local.input, ...asked } }).then(({ data, error }) => ({
          answer: data?.createRun,
          error,
        }));
    if (error) tellFailure(error);
    else if (made && 'run' in made) router.history.push(paths.run(made.run.number));
    else if (made) setSubmitProblem(readProblem(made));
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
          <Section
            title="What to run"
            aside={
              <SegmentedControl
                size="xs"
                aria-label="Written as"
                // What cannot be read on one side has no other side.
                disabled={isUnreadable || !isNumeric}
                value={isYaml ? 'yaml' : 'form'}
                onChange={(view) => setUrl({ view: view === 'yaml' ? view : undefined })}
                data={[
                  { value: 'form', label: 'Form' },
                  { value: 'yaml', label: 'YAML' },
                ]}
              />
            }
          >
            <Stack gap="md">
              {isYaml ? (
                <Suspense fallback={<LoadingRows rows={12} />}>
                  <RunYaml
                    form={form}
                    onChange={(written) => {
                      setIsUnreadable(written === undefined);
                      if (written) change(written);
                    }}
                    errors={placed.errors}
                    advancedFaults={placed.faults}
                  />
                </Suspense>
              ) : (
                <RunFields
                  form={form}
                  defaults={resolved ? defaultsOf(resolved) : {}}
                  onChange={change}
                  errors={{ ...placed.errors, ...local.errors }}
                  datasets={props.datasets}
                  evaluationSets={props.evaluationSets}
                  models={props.models}
                  labels={props.labels}
                  advancedFaults={placed.faults}
                  advanced={props.advanced}
                />
              )}
              {placed.rest.length > 0 && (
                <Notice tone="bad" testId="form-problem">
                  {placed.rest.join('; ')}
                </Notice>
              )}
              {validation.error && (
                <UnansweredNotice
                  title="This could not be checked"
                  error={validation.error}
                  onRetry={validation.refetch}
                />
              )}
              <Group justify="flex-end">
                <Button
                  type="submit"
                  loading={creating || cloning}
                  disabled={!canSubmit}
                  data-testid="submit"
                >
                  {form.mode === 'DRY_RUN' ? 'Start dry run' : 'Start run'}
                </Button>
              </Group>
            </Stack>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <SourceContext value={NewRunForm_Validate}>
            <Stack gap="lg">
              {parent && (
                <ChangesPanel parent={parent.number} changes={listChanges(before, local.input)} />
              )}
              <RunPreviewPanel
                preview={preview}
                fresh={isFresh}
                acknowledged={acknowledged}
                onAcknowledge={acknowledge}
              />
            </Stack>
          </SourceContext>
        </Grid.Col>
      </Grid>
    </form>
  );
}
