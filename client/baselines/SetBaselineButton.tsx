import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { SetBaselineDialog } from './SetBaselineDialog.tsx';

const SetBaselineButton_Evaluation = graphql(`
  fragment SetBaselineButton_Evaluation on Evaluation {
    id
    viewerCanPin
    ...SetBaselineDialog_Evaluation
  }
`);

export function SetBaselineButton(props: {
  evaluation: FragmentType<typeof SetBaselineButton_Evaluation>;
}) {
  const evaluation = read(SetBaselineButton_Evaluation, props.evaluation);
  const [opened, { open, close }] = useDisclosure(false);
  if (!evaluation.viewerCanPin) return null;
  return (
    <>
      <Button variant="default" onClick={open} data-testid="set-baseline">
        Set as baseline
      </Button>
      {opened && <SetBaselineDialog evaluation={evaluation} onClose={close} />}
    </>
  );
}
