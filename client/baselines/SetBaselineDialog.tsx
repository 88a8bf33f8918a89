import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatScore } from '../lib/format.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { PolicyFields } from './PolicyFields.tsx';
import { emptyPolicy } from './policyForm.ts';
import { useSetBaseline } from './useSetBaseline.ts';

const SetBaselineDialog_Evaluation = graphql(`
  fragment SetBaselineDialog_Evaluation on Evaluation {
    id
    score
    run {
      id
      number
    }
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

/** Pins one evaluation under a name, with what later ones may lose. */
export function SetBaselineDialog(props: {
  evaluation: FragmentType<typeof SetBaselineDialog_Evaluation>;
  onClose: () => void;
}) {
  const evaluation = read(SetBaselineDialog_Evaluation, props.evaluation);
  const [name, setName] = useState(evaluation.evaluationSet?.key ?? evaluation.dataset?.key ?? '');
  const [policy, setPolicy] = useState(emptyPolicy);
  const [note, setNote] = useState('');
  const { save, isSaving, errors, rest } = useSetBaseline();
  return (
    <Dialog onClose={props.onClose} title="Set as baseline">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save({ name, evaluationId: evaluation.id, policy, note }).then(
            (isSaved) => isSaved && props.onClose(),
          );
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Pins this evaluation of run #{evaluation.run.number}
            {typeof evaluation.score === 'number' && ` (score ${formatScore(evaluation.score)})`}.
            Judging the run again cannot move it.
          </Text>
          <TextInput
            label="Name"
            description="A name that exists gets a new revision."
            required
            data-autofocus
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PolicyFields form={policy} errors={errors} onChange={setPolicy} />
          <Textarea
            label="Note"
            placeholder="Why this one"
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
            <Button type="submit" loading={isSaving} disabled={name.trim() === ''}>
              Set baseline
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
