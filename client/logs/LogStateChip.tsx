import { formatCount } from '../lib/format.ts';
import { useLive } from '../shell/LivePill.tsx';
import { Tag } from '../ui/Tag.tsx';
import type { LogStore } from './logStore.ts';

/** Where the stream of the log is. Reads the store; the caller re-renders with it. */
export function LogStateChip(props: { log: LogStore }) {
  const { log } = props;
  const connection = useLive();
  const lines = formatCount(log.lastSeq);
  if (log.phase === 'failed') {
    return (
      <Tag tone="bad" icon="cross" testId="log-state" title={log.error}>
        Failed
      </Tag>
    );
  }
  if (log.completed) {
    return (
      <Tag tone="good" icon="check" testId="log-state">
        Complete {lines}/{formatCount(log.completed.lastSeq)}
      </Tag>
    );
  }
  if (connection.kind !== 'live') {
    return (
      <Tag tone="warn" icon="clock" testId="log-state">
        Paused at {lines}, reconnecting
      </Tag>
    );
  }
  if (log.phase === 'live') {
    return (
      <Tag tone="info" icon="check" testId="log-state">
        Live {lines}
      </Tag>
    );
  }
  const percent = Math.floor((log.lastSeq / Math.max(1, log.lastSeq + log.behindBy)) * 100);
  return (
    <Tag tone="idle" icon="spin" busy testId="log-state">
      Backfilling {percent} %
    </Tag>
  );
}
