import { formatCount } from '../lib/format.ts';
import { useLive } from '../shell/LivePill.tsx';
import { Tag } from '../ui/Tag.tsx';
import type { LogStore } from './logStore.ts';

/** How much of the log is really here. Reads the store; the caller re-renders with it. */
export function LogStateChip(props: { log: LogStore }) {
  const { log } = props;
  const connection = useLive();
  const missing = log.holes.reduce((sum, hole) => sum + hole.to - hole.from + 1, 0);
  if (missing > 0) {
    return (
      <Tag tone="bad" icon="warn" testId="log-state">
        {formatCount(missing)} lines missing
      </Tag>
    );
  }
  if (log.completed) {
    return (
      <Tag tone="good" icon="check" testId="log-state">
        Complete {formatCount(log.lineCount)}/{formatCount(log.completed.lastSeq)}
      </Tag>
    );
  }
  if (log.phase === 'failed') {
    return (
      <Tag tone="bad" icon="cross" testId="log-state" title={log.error}>
        Failed
      </Tag>
    );
  }
  if (connection.kind !== 'live') {
    return (
      <Tag tone="warn" icon="clock" testId="log-state">
        Paused at {formatCount(log.lineCount)}, reconnecting
      </Tag>
    );
  }
  if (log.phase === 'live') {
    return (
      <Tag tone="info" icon="check" testId="log-state">
        Live {formatCount(log.lineCount)}
      </Tag>
    );
  }
  const total = log.lineCount + log.behindBy;
  const percent = total > 0 ? Math.floor((log.lineCount / total) * 100) : 0;
  return (
    <Tag tone="idle" icon="spin" busy testId="log-state">
      Backfilling {percent} %
    </Tag>
  );
}
