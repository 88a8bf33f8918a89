import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { useMutation } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { useReproduce } from '../provenance/useReproduce.ts';
import { Icon } from '../ui/Icon.tsx';
import { RunMutations_Archive } from './runMutations.ts';
import { useResume, useRetry } from './useAgain.ts';

const EvaluateDialog = lazy(async () => ({
  default: (await import('../evaluations/EvaluateDialog.tsx')).EvaluateDialog,
}));

const RunActions_Run = graphql(`
  fragment RunActions_Run on Run {
    id
    number
    archivedAt
    viewerCanEvaluate
    viewerCanRetry
    viewerCanResume
    viewerCanClone
    viewerCanArchive
    viewerCanReproduce
    parent {
      id
      number
    }
    checkpoints {
      step
      available
    }
    evaluations {
      id
      status
    }
    ...EvaluateDialog_Run
  }
`);

/** What can be done with a run besides stopping it; only what is possible now is there. */
export function RunActions(props: { run: FragmentType<typeof RunActions_Run> }) {
  const run = read(RunActions_Run, props.run);
  const [isAsking, { open, close }] = useDisclosure(false);
  const again = useRetry();
  const resumed = useResume();
  const reproduced = useReproduce();
  const [, askArchive] = useMutation(RunMutations_Archive);
  const steps = run.checkpoints.filter(({ available }) => available).map(({ step }) => step);
  const isArchived = run.archivedAt !== null && run.archivedAt !== undefined;

  async function archive() {
    const { data, error } = await askArchive({ input: { runId: run.id, archived: !isArchived } });
    if (error) return tellFailure(error);
    const answer = data?.archiveRun;
    if (answer?.__typename === 'ArchiveRunPayload') {
      tellDone(
        isArchived ? 'In the lists again' : 'Archived: it left the lists, nothing is deleted',
      );
    } else if (answer) tellProblem(problemText(readProblem(answer)), 'Not archived');
  }

  return (
    <>
      {run.viewerCanRetry && (
        <Button
          size="compact-sm"
          variant="default"
          loading={again.isAsking}
          data-testid="retry"
          onClick={() => void again.retry(run.id)}
        >
          Retry
        </Button>
      )}
      {run.viewerCanResume && steps.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              loading={resumed.isAsking}
              rightSection={<Icon name="down" size={12} />}
              data-testid="resume"
            >
              Resume
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
            <Menu.Label>Go on from a checkpoint</Menu.Label>
            {steps.map((step, index) => (
              <Menu.Item key={step} onClick={() => void resumed.resume(run.id, step)}>
                Step {formatCount(step)}
                {index === 0 && ', the last'}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {run.viewerCanEvaluate && (
        <Button size="compact-sm" variant="default" onClick={open} data-testid="evaluate">
          {run.evaluations.length > 0 ? 'Evaluate again' : 'Evaluate'}
        </Button>
      )}
      {run.viewerCanClone && (
        <Button
          component={Link}
          to={paths.newRun({ from: run.number })}
          size="compact-sm"
          variant="default"
          data-testid="clone"
        >
          Clone
        </Button>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button size="compact-sm" variant="default" aria-label="More" data-testid="run-more">
            <Icon name="more" size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={paths.compareRuns(run.parent ? [run.parent.number, run.number] : [run.number])}
          >
            {run.parent ? `Compare with #${run.parent.number}` : 'Compare with others'}
          </Menu.Item>
          {run.viewerCanReproduce && (
            <Menu.Item disabled={reproduced.isAsking} onClick={() => void reproduced.start(run.id)}>
              Reproduce, everything pinned
            </Menu.Item>
          )}
          {run.viewerCanArchive && (
            <Menu.Item onClick={() => void archive()} data-testid="archive">
              {isArchived ? 'Put back into the lists' : 'Archive'}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>{isAsking && <EvaluateDialog run={run} onClose={close} />}</Suspense>
    </>
  );
}
