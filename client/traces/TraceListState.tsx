import { Button } from '@mantine/core';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import type { TraceListView } from './traceList.ts';

const CREATE = `mutation {
  createTrace(input: { trace: { trace_version: "1", prompt: "2 + 3 = ?",
    steps: [{ i: 0, type: "add", content: "2 + 3 = 5" }], final_answer: "5" } }) { __typename }
}`;

/** What stands below the rows, or in their place while there are none. */
export function TraceListState(props: {
  view: TraceListView;
  isFiltered: boolean;
  onRetry: () => void;
  onClear: () => void;
  onImport: () => void;
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
  if (isLoading || total === undefined) return <LoadingRows rows={10} height={28} />;
  if (props.isFiltered) {
    return (
      <EmptyState
        title="No trace matches"
        action={
          <Button variant="default" onClick={props.onClear}>
            Clear all filters
          </Button>
        }
      >
        Every condition above must hold. Remove one, or search for fewer words.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No traces yet"
      action={<Button onClick={props.onImport}>Import a file</Button>}
      api={CREATE}
    >
      A trace is one recorded solution: a prompt, the steps taken, and the final answer. Datasets
      are built from traces. Drop a file anywhere on this page.
    </EmptyState>
  );
}
