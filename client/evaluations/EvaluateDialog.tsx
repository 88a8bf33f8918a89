import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import type { Split } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { oneOf } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';

const EvaluateDialog_Run = graphql(`
  fragment EvaluateDialog_Run on Run {
    id
    number
    dataset {
      id
      key
    }
    evaluationSet {
      id
      key
    }
  }
`);

const EvaluateDialog_Query = graphql(`
  query EvaluateDialog_Query {
    judges {
      ref
      description
      cost
      isMock
      needsEndpoint
    }
    judgeEndpoints {
      name
      model
      host
    }
  }
`);

const EvaluateDialog_Evaluate = graphql(`
  mutation EvaluateDialog_Evaluate($input: EvaluateRunInput!) {
    evaluateRun(input: $input) {
      __typename
      ... on EvaluateRunPayload {
        evaluation {
          id
          status
          run {
            id
            evaluations {
              id
              ...EvaluationSummary_Evaluation
            }
          }
        }
      }
      ...Problem_Error
    }
  }
`);

const FIELDS = ['judge', 'endpoint', 'split', 'evaluationSetKey'] as const;
type Field = (typeof FIELDS)[number];
const SET = 'SET';

/** Judges what a run wrote, again or by another judge. Nothing is generated anew. */
export function EvaluateDialog(props: {
  run: FragmentType<typeof EvaluateDialog_Run>;
  onClose: () => void;
}) {
  const run = read(EvaluateDialog_Run, props.run);
  const { data, error: unread, refetch } = usePartQuery({ query: EvaluateDialog_Query });
  const [{ fetching }, evaluate] = useMutation(EvaluateDialog_Evaluate);
  const targets = [
    ...(run.evaluationSet
      ? [{ value: SET, label: `evaluation set ${run.evaluationSet.key}` }]
      : []),
    ...(run.dataset
      ? (['TEST', 'EVAL'] as const).map((split) => ({
          value: split,
          label: `${split.toLowerCase()} items of ${run.dataset?.key}`,
        }))
      : []),
  ];
  const [chosen, setChosen] = useState({
    judge: '',
    endpoint: '',
    target: targets[0]?.value ?? '',
  });
  const [problem, setProblem] = useState<Problem>();
  const placed = problem ? issuesByField<Field>(problem, FIELDS) : { byField: {}, rest: [] };
  const errors: Partial<Record<Field, string>> = placed.byField;
  const judges = data?.judges ?? [];
  const endpoints = data?.judgeEndpoints ?? [];
  const judge = judges.find(({ ref }) => ref === chosen.judge) ?? judges[0];
  const needs = judge?.needsEndpoint ?? false;
  const endpoint = chosen.endpoint || endpoints[0]?.name;

  async function submit() {
    setProblem(undefined);
    const { data: answer, error } = await evaluate({
      input: {
        runId: run.id,
        judge: judge?.ref,
        endpoint: needs ? endpoint : undefined,
        split: oneOf<Split>(['TEST', 'EVAL'], chosen.target),
        evaluationSetKey: chosen.target === SET ? run.evaluationSet?.key : undefined,
      },
    });
    if (error) tellFailure(error);
    else if (answer?.evaluateRun.__typename === 'EvaluateRunPayload') {
      tellDone('The judge has begun');
      props.onClose();
    } else if (answer) setProblem(readProblem(answer.evaluateRun));
  }

  return (
    <Dialog onClose={props.onClose} title={`Evaluate run #${run.number}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        data-testid="evaluate-form"
      >
        <Stack gap="md">
          {unread && <ErrorNotice error={unread} onRetry={refetch} />}
          <Select
            label="Judge"
            allowDeselect={false}
            data={judges.map(({ ref, isMock, cost }) => ({
              value: ref,
              label: `${ref}${isMock ? ' (mock)' : cost === 'PAID' ? ' (may cost money)' : ''}`,
            }))}
            value={judge?.ref ?? null}
            description={judge?.description}
            error={errors.judge}
            onChange={(value) => setChosen({ ...chosen, judge: value ?? '' })}
          />
          {needs && endpoints.length > 0 && (
            <Select
              label="Endpoint"
              allowDeselect={false}
              data={endpoints.map(({ name, model, host }) => ({
                value: name,
                label: `${name}: ${model} at ${host}`,
              }))}
              value={endpoint ?? null}
              error={errors.endpoint}
              onChange={(value) => setChosen({ ...chosen, endpoint: value ?? '' })}
            />
          )}
          {needs && data && endpoints.length === 0 && (
            <Notice tone="warn">
              This judge asks a language model, and no endpoint is set up. See{' '}
              <TextLink to={paths.judges()}>Judges</TextLink>.
            </Notice>
          )}
          <Select
            label="What to judge"
            allowDeselect={false}
            data={targets}
            value={chosen.target || null}
            error={errors.split ?? errors.evaluationSetKey}
            onChange={(value) => setChosen({ ...chosen, target: value ?? '' })}
          />
          <Text size="xs" c="dimmed">
            The stored predictions are judged; nothing is generated anew, and earlier evaluations
            stay.
          </Text>
          {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={fetching}
              disabled={!judge || (needs && !endpoint)}
              data-testid="evaluate-start"
            >
              Evaluate
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
