import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';
import type { PairKind } from './comparePairs.ts';

const LOOK: Record<PairKind, { tone: Tone; icon: IconName; word: string }> = {
  SAME: { tone: 'idle', icon: 'equal', word: 'Same' },
  REWORDED: { tone: 'info', icon: 'edit', word: 'Reworded' },
  CHANGED: { tone: 'warn', icon: 'warn', word: 'Changed' },
  INSERTED: { tone: 'good', icon: 'plus', word: 'Only in B' },
  DELETED: { tone: 'bad', icon: 'minus', word: 'Only in A' },
};

export function PairTag(props: { kind: PairKind; title?: string }) {
  const { tone, icon, word } = LOOK[props.kind];
  return (
    <Tag tone={tone} icon={icon} title={props.title}>
      {word}
    </Tag>
  );
}
