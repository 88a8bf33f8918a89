import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useMutation } from 'urql';
import type { OnInconclusive } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric } from '../lib/format.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { oneOf } from '../lib/url.ts';
import { Notice } from '../ui/Notice.tsx';

const SetBaselineButton_Evaluation = graphql(`
  fragment SetBaselineButton_Evaluation on Evaluation {
    id
    status
    score
    run {
      id
      number
    }
    dataset {
      id
      key
    }
  }
`);

const SetBaselineButton_Set = graphql(`
  mutation SetBaselineButton_Set($input: SetBaselineInput!) {
    setBaseline(input: $input) {
      __typename
      ... on SetBaselinePayload {
        baseline {
          id
          name
          revision
        }
      }
      ...Problem_Error
    }
  }
`);

const ON_INCONCLUSIVE: readonly OnInconclusive[] = ['PASS', 'WARN', 'FAIL'];
const FIELDS = ['name', 'metric', 'tolerance', 'alpha', 'onInconclusive'] as const;
const numberOrNothing = (text: string) => (text.trim() === '' ? undefined : Number(text));

function SetBaselineDialog(props: {
  evaluation: {
    id: string;
    score?: number | null;
    run: { number: number };
    dataset: { key: string } | null;
  };
  onClose: () => void;
}) {
  const { evaluation, onClose } = props;
  const [{ fetching }, set] = useMutation(SetBaselineButton_Set);
  const [form, setForm] = useState({
    name: evaluation.dataset?.key ?? '',
    metric: '',
    tolerance: '',
    alpha: '',
    onInconclusive: '',
  });
  const [problem, setProblem] = useState<Problem>();
  const placed = problem ? issuesByField(problem, FIELDS) : { byField: {}, rest: [] };
  const errors: Partial<Record<(typeof FIELDS)[number], string>> = placed.byField;

  const text = (name: keyof typeof form) => ({
    value: form[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });

  async function submit() {
    const { data, error } = await set({
      input: {
        name: form.name.trim(),
        evaluationId: evaluation.id,
        metric: form.metric.trim() || undefined,
        tolerance: numberOrNothing(form.tolerance),
        alpha: numberOrNothing(form.alpha),
        onInconclusive: oneOf(ON_INCONCLUSIVE, form.onInconclusive),
      },
    });
    if (error) tellFailure(error);
    else if (data?.setBaseline.__typename === 'SetBaselinePayload') {
      const { name, revision } = data.setBaseline.baseline;
      tellDone(`Baseline ${name} is now revision ${revision}`);
      onClose();
    } else if (data) setProblem(readProblem(data.setBaseline));
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title="Set as baseline"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Pins this evaluation of run #{evaluation.run.number}
            {typeof evaluation.score === 'number' && ` (score ${formatMetric(evaluation.score)})`}.
            Judging the run again cannot move it.
          </Text>
          <TextInput label="Name" required data-autofocus {...text('name')} />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput label="Metric" placeholder="score" {...text('metric')} />
            <TextInput
              label="Tolerance %"
              placeholder="5"
              inputMode="decimal"
              {...text('tolerance')}
            />
            <TextInput label="Alpha" placeholder="0.05" inputMode="decimal" {...text('alpha')} />
            <Select
              label="If inconclusive"
              placeholder="default"
              clearable
              data={ON_INCONCLUSIVE.map((value) => ({ value, label: value.toLowerCase() }))}
              value={form.onInconclusive || null}
              error={errors.onInconclusive}
              onChange={(value) => setForm({ ...form, onInconclusive: value ?? '' })}
            />
          </SimpleGrid>
          {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching} disabled={form.name.trim() === ''}>
              Set baseline
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function SetBaselineButton(props: {
  evaluation: FragmentType<typeof SetBaselineButton_Evaluation>;
  compact?: boolean;
}) {
  const evaluation = read(SetBaselineButton_Evaluation, props.evaluation);
  const [opened, { open, close }] = useDisclosure(false);
  if (evaluation.status !== 'COMPLETED') return null;
  return (
    <>
      <Button
        size={props.compact ? 'compact-xs' : 'sm'}
        variant="default"
        onClick={open}
        aria-label={`Set evaluation of run ${evaluation.run.number} as baseline`}
        data-testid="set-baseline"
      >
        {props.compact ? 'Set baseline' : 'Set as baseline'}
      </Button>
      {opened && <SetBaselineDialog evaluation={evaluation} onClose={close} />}
    </>
  );
}
