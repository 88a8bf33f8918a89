import { useEffect, useState } from 'react';
import { formatAgo, formatDate } from '../lib/format.ts';

export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Relative, with the exact time on hover. */
export function Ago(props: { at: string }) {
  const now = useNow(5_000);
  return (
    <time dateTime={props.at} title={formatDate(props.at)}>
      {formatAgo(props.at, now)}
    </time>
  );
}
