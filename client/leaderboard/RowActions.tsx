import { ActionIcon, Menu } from '@mantine/core';
import { useState } from 'react';
import { SetBaselineDialog } from '../baselines/SetBaselineDialog.tsx';
import { EvaluateDialog } from '../evaluations/EvaluateDialog.tsx';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { useReproduce } from '../provenance/useReproduce.ts';
import { Icon } from '../ui/Icon.tsx';

const RowActions_Row = graphql(`
  fragment RowActions_Row on LeaderboardRow {
    run {
      id
      number
      viewerCanEvaluate
      viewerCanReproduce
      ...EvaluateDialog_Run
    }
    evaluation {
      id
      viewerCanPin
      ...SetBaselineDialog_Evaluation
    }
  }
`);

/** What can be done with one row of a board. */
export function RowActions(props: {
  row: FragmentType<typeof RowActions_Row>;
  onProvenance: () => void;
}) {
  const { run, evaluation } = read(RowActions_Row, props.row);
  const [dialog, setDialog] = useState<'baseline' | 'evaluate'>();
  const reproduce = useReproduce();
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="default"
            aria-label={`Actions of run ${run.number}`}
            loading={reproduce.isAsking}
            data-testid="row-actions"
          >
            <Icon name="more" size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={props.onProvenance}>Where it comes from</Menu.Item>
          {evaluation.viewerCanPin && (
            <Menu.Item onClick={() => setDialog('baseline')}>Set as baseline</Menu.Item>
          )}
          {run.viewerCanEvaluate && (
            <Menu.Item onClick={() => setDialog('evaluate')}>Judge it otherwise</Menu.Item>
          )}
          {run.viewerCanReproduce && (
            <Menu.Item onClick={() => void reproduce.start(run.id)}>Reproduce the run</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'baseline' && <SetBaselineDialog evaluation={evaluation} onClose={close} />}
      {dialog === 'evaluate' && <EvaluateDialog run={run} onClose={close} />}
    </>
  );
}
