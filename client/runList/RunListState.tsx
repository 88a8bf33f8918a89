import { Button } from '@mantine/core';
import { Link } from '../lib/Link.tsx';
import { ListState } from '../lib/ListState.tsx';
import { May } from '../lib/May.tsx';
import type { ListView } from '../lib/pagedList.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import type { RunRow } from './runRows.ts';

const START = `mutation {
  createRun(input: { datasetKey: "arithmetic-v1", modelId: "qwen3-tiny" }) { __typename }
}`;

/** What stands below the runs, or in their place while there are none. */
export function RunListState(props: {
  view: ListView<RunRow>;
  isFiltered: boolean;
  onRetry: () => void;
  onClear: () => void;
}) {
  return (
    <ListState
      {...props}
      rowHeight={38}
      noMatch={{ title: 'No run matches', hint: 'Archived runs are found with archived:yes.' }}
    >
      <EmptyState
        title="No runs yet"
        action={
          <May scope="RUNS_WRITE">
            <Button component={Link} to={paths.newRun()}>
              New run
            </Button>
          </May>
        }
        api={START}
      >
        A run trains one model on one dataset with Google Tunix, and keeps its log, metrics,
        artifacts and predictions.
      </EmptyState>
    </ListState>
  );
}
