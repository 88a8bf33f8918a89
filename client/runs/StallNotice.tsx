import { useEffect } from 'react';
import { useQuery } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Notice } from '../ui/Notice.tsx';

const StallNotice_Run = graphql(`
  fragment StallNotice_Run on Run {
    id
    status
  }
`);

const StallNotice_Query = graphql(`
  query StallNotice_Query($id: ID!) {
    run(id: $id) {
      id
      notice {
        message
        remedy
      }
    }
  }
`);

/** Nothing rings while nothing happens, so it is asked for. */
const AGAIN_MS = 30_000;

/** What to look at while a run is at work: it has made no step for minutes. */
export function StallNotice(props: { run: FragmentType<typeof StallNotice_Run> }) {
  const { id, status } = read(StallNotice_Run, props.run);
  const isOpen = status === 'RUNNING';
  const [{ data }, ask] = useQuery({
    query: StallNotice_Query,
    variables: { id },
    requestPolicy: 'network-only',
    pause: !isOpen,
  });
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => ask({ requestPolicy: 'network-only' }), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOpen, ask]);
  const notice = isOpen ? data?.run?.notice : null;
  if (!notice) return null;
  return (
    <Notice tone="warn" title={notice.message} testId="stalled">
      {notice.remedy}
    </Notice>
  );
}
