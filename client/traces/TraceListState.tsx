import { Button } from '@mantine/core';
import { ListState } from '../lib/ListState.tsx';
import { May } from '../lib/May.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import type { TraceListView } from './traceList.ts';

const CREATE = `mutation {
  createTrace(input: { trace: { trace_version: "1", prompt: "2 + 3 = ?",
    steps: [{ i: 0, type: "add", content: "2 + 3 = 5" }], final_answer: "5" } }) { __typename }
}`;

/** What stands below the traces, or in their place while there are none. */
export function TraceListState(props: {
  view: TraceListView;
  isFiltered: boolean;
  onRetry: () => void;
  onClear: () => void;
  onImport: () => void;
}) {
  const { onImport, ...list } = props;
  return (
    <ListState
      {...list}
      rowHeight={28}
      noMatch={{ title: 'No trace matches', hint: 'Remove one, or search for fewer words.' }}
    >
      <EmptyState
        title="No traces yet"
        action={
          <May scope="TRACES_WRITE">
            <Button onClick={onImport}>Import a file</Button>
          </May>
        }
        api={CREATE}
      >
        A trace is one recorded solution: a prompt, the steps taken, and the final answer. Datasets
        are built from traces. Drop a file anywhere on this page.
      </EmptyState>
    </ListState>
  );
}
