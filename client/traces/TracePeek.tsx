import { ActionIcon, Button, CloseButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { Link } from '../lib/Link.tsx';
import { useFocusBack } from '../lib/useFocusBack.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { TraceActions } from './TraceActions.tsx';
import css from './TracePeek.module.css';
import { TraceRail } from './TraceRail.tsx';
import { TraceText } from './TraceText.tsx';
import type { Tagged } from './tagTraces.ts';

const TracePeek_Query = graphql(`
  query TracePeek_Query($id: ID!) {
    trace(id: $id) {
      id
      prompt
      tags
      ...TraceText_Trace
      ...TraceRail_Trace
    }
  }
`);

/**
 * A trace beside the list. It is no dialog: the list stays usable, and the keys of the page go from
 * trace to trace while it is open.
 */
export function TracePeek(props: {
  id: string;
  onClose: () => void;
  onMove: ((by: 1 | -1) => void) | undefined;
  onTagged: (traces: readonly Tagged[]) => void;
  onDeleted: (id: string) => void;
}) {
  const { id, onMove, onTagged } = props;
  useFocusBack();
  const [{ data, error, fetching }, execute] = useQuery({
    query: TracePeek_Query,
    variables: { id },
  });
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (body.current) body.current.scrollTop = 0;
  }, [id]);
  const trace = data?.trace?.id === id ? data.trace : undefined;
  useEffect(() => {
    // The rows of the list are not in the cache that a changed tag goes through.
    if (trace) onTagged([{ id: trace.id, tags: trace.tags }]);
  }, [trace?.id, trace?.tags, onTagged]);
  return (
    <aside className={css.peek} aria-label="Trace" data-testid="trace-peek">
      <div className={css.head}>
        {onMove && (
          <>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Previous trace"
              onClick={() => onMove(-1)}
            >
              <Icon name="up" />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Next trace"
              onClick={() => onMove(1)}
            >
              <Icon name="down" />
            </ActionIcon>
          </>
        )}
        <Button size="xs" variant="default" component={Link} to={paths.trace(id)} ml="auto">
          Open page
        </Button>
        <CloseButton aria-label="Close" onClick={props.onClose} data-testid="close-peek" />
      </div>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <div ref={body} className={css.body} tabIndex={0}>
        {trace ? (
          <>
            <TraceText trace={trace} />
            <div className={css.actions}>
              <TraceActions
                id={trace.id}
                prompt={trace.prompt}
                size="xs"
                onDeleted={props.onDeleted}
              />
            </div>
            <TraceRail trace={trace} />
          </>
        ) : error ? (
          <ErrorNotice error={error} onRetry={() => execute({ requestPolicy: 'network-only' })} />
        ) : fetching || data?.trace ? (
          <LoadingPage />
        ) : (
          <EmptyState title="There is no such trace">It may have been deleted.</EmptyState>
        )}
      </div>
    </aside>
  );
}
