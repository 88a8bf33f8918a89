/** What became of an item between two evaluations, as pages show it. */
import type { FlipCell, FlipKind } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import type { Tone } from '../ui/Tag.tsx';

export const FLIPS: Record<FlipKind, { word: string; tone: Tone; icon: IconName }> = {
  BROKEN: { word: 'Got worse', tone: 'bad', icon: 'down' },
  FIXED: { word: 'Got better', tone: 'good', icon: 'up' },
  BOTH_WRONG: { word: 'Wrong in both', tone: 'idle', icon: 'cross' },
  BOTH_RIGHT: { word: 'Right in both', tone: 'idle', icon: 'check' },
  UNSCORED: { word: 'Not judged', tone: 'warn', icon: 'warn' },
};

/** The order of the list: what got worse comes first. */
export const FLIP_KINDS = ['BROKEN', 'FIXED', 'BOTH_WRONG', 'BOTH_RIGHT', 'UNSCORED'] as const;

export const CELLS: Record<FlipCell, { word: string; sign: string }> = {
  CORRECT: { word: 'right', sign: '✓' },
  WRONG: { word: 'wrong', sign: '✗' },
  UNSCORED: { word: 'not judged', sign: '–' },
};
