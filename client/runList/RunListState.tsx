import { Button } from '@mantine/core';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { Link } from '../lib/Link.tsx';
import type { ListView } from '../lib/pagedList.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import type { RunRow } from './runRows.ts';

const START = `mutation {
  createRun(input: { datasetKey: "arithmetic-v1", modelId: "qwen3-tiny" }) { __typename }
}`;

/** What stands below the rows, or in their place while there are none. */
export function RunListState(props: {
  view: ListView<RunRow>;
  isFiltered: boolean;
  onRetry: () => void;
  onClear: () => void;
}) {
  const { rows, isLoading, error, total } = props.view;
  if (error !== undefined) {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={error} onRetry={props.onRetry} />
      </div>
    );
  }
  if (rows.length > 0) return null;
  if (isLoading || total === undefined) return <LoadingRows rows={10} height={38} />;
  if (props.isFiltered) {
    return (
      <EmptyState
        title="No run matches"
        action={
          <Button variant="default" onClick={props.onClear}>
            Clear all filters
          </Button>
        }
      >
        Every condition above must hold. Archived runs are found with archived:yes.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No runs yet"
      action={
        <Button component={Link} to={paths.newRun()}>
          New run
        </Button>
      }
      api={START}
    >
      A run trains one model on one dataset with Google Tunix, and keeps its log, metrics, artifacts
      and predictions.
    </EmptyState>
  );
}
