/** What can happen to an item between two versions, in words and signs. */
import type { DatasetDiffKind } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import type { Tone } from '../ui/Tag.tsx';

export const DIFF_KINDS: readonly DatasetDiffKind[] = ['ADDED', 'REMOVED', 'CHANGED', 'MOVED'];

export const DIFF_LOOK: Readonly<
  Record<DatasetDiffKind, { label: string; sign: string; tone: Tone; icon: IconName; why: string }>
> = {
  ADDED: { label: 'Added', sign: '+', tone: 'good', icon: 'plus', why: 'only in the newer one' },
  REMOVED: {
    label: 'Removed',
    sign: '−',
    tone: 'bad',
    icon: 'cross',
    why: 'only in the older one',
  },
  CHANGED: {
    label: 'Changed',
    sign: '~',
    tone: 'warn',
    icon: 'equal',
    why: 'the same prompt with another solution',
  },
  MOVED: {
    label: 'Moved',
    sign: '→',
    tone: 'info',
    icon: 'right',
    why: 'the same trace on another side',
  },
};

export type DiffCounts = {
  addedCount: number;
  removedCount: number;
  changedCount: number;
  movedCount: number;
};

export const countOf = (diff: DiffCounts, kind: DatasetDiffKind): number =>
  ({
    ADDED: diff.addedCount,
    REMOVED: diff.removedCount,
    CHANGED: diff.changedCount,
    MOVED: diff.movedCount,
  })[kind];

/** `+41 −3 ~12`, or that nothing differs. */
export function diffText(diff: DiffCounts): string {
  const parts = DIFF_KINDS.filter((kind) => countOf(diff, kind) > 0).map(
    (kind) => DIFF_LOOK[kind].sign + countOf(diff, kind).toLocaleString('en-US'),
  );
  return parts.join(' ') || 'the same items';
}
