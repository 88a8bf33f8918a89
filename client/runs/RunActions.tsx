import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { EvaluateDialog } from '../evaluations/EvaluateDialog.tsx';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';

const RunActions_Run = graphql(`
  fragment RunActions_Run on Run {
    id
    number
    mode
    viewerCanEvaluate
    evaluations {
      id
      status
    }
    ...EvaluateDialog_Run
  }
`);

export function RunActions(props: { run: FragmentType<typeof RunActions_Run> }) {
  const run = read(RunActions_Run, props.run);
  const [isAsking, { open, close }] = useDisclosure(false);
  return (
    <>
      {run.viewerCanEvaluate && (
        <Button variant="default" onClick={open} data-testid="evaluate">
          {run.evaluations.length > 0 ? 'Evaluate again' : 'Evaluate'}
        </Button>
      )}
      {isAsking && <EvaluateDialog run={run} onClose={close} />}
      {run.mode !== 'EXTERNAL' && (
        <Button component={Link} to={paths.newRun({ from: run.number })} variant="default">
          Clone
        </Button>
      )}
    </>
  );
}
