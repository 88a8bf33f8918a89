import { Button, Group, SegmentedControl, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { useUrlState } from '../lib/url.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { BacktestTable } from './BacktestTable.tsx';
import { PolicyFields } from './PolicyFields.tsx';
import { policyFormOf } from './policyForm.ts';
import { useSetBaseline } from './useSetBaseline.ts';

const PolicyEditor_Baseline = graphql(`
  fragment PolicyEditor_Baseline on Baseline {
    id
    name
    metric
    lowerIsBetter
    tolerance
    alpha
    onInconclusive
    minItems
    requiredJudge
    floors {
      by
      value
      minimum
    }
    evaluation {
      id
    }
  }
`);

const LAST = ['10', '20', '50'];

/** Changes the policy; what it would have done to the last runs is shown before it is saved. */
export function PolicyEditor(props: {
  baseline: FragmentType<typeof PolicyEditor_Baseline>;
  onClose: () => void;
  onSaved: () => void;
}) {
  const baseline = read(PolicyEditor_Baseline, props.baseline);
  const [policy, setPolicy] = useState(() => policyFormOf(baseline));
  const [note, setNote] = useState('');
  const [url, setUrl] = useUrlState('last');
  const last = LAST.find((value) => value === url.last) ?? '20';
  const { save, isSaving, errors, rest } = useSetBaseline();
  return (
    <SimpleGrid
      cols={{ base: 1, lg: 2 }}
      spacing="lg"
      style={{ alignItems: 'start' }}
      data-testid="policy-editor"
    >
      <Section source={null} title="Change the policy">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const { name, evaluation } = baseline;
            void save({ name, evaluationId: evaluation.id, policy, note }).then(
              (isSaved) => isSaved && props.onSaved(),
            );
          }}
        >
          <Stack gap="md">
            <PolicyFields form={policy} errors={errors} onChange={setPolicy} />
            <Textarea
              label="Note"
              placeholder="Why it changes"
              autosize
              maxLength={1000}
              value={note}
              error={errors.note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {rest.length > 0 && <Notice tone="bad">{rest.join('; ')}</Notice>}
            <Group justify="flex-end">
              <Button variant="default" onClick={props.onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isSaving} data-testid="save-policy">
                Save as new revision
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <Section
        source={null}
        title="What would have happened"
        flush
        aside={
          <SegmentedControl
            size="xs"
            aria-label="How many of the last evaluations"
            data={LAST.map((value) => ({ value, label: `last ${value}` }))}
            value={last}
            onChange={(value) => setUrl({ last: value })}
          />
        }
      >
        <BacktestTable baseline={baseline.name} policy={policy} last={Number(last)} />
      </Section>
    </SimpleGrid>
  );
}
