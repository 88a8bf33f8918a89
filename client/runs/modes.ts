import type { RunMode } from '../gql/graphql.ts';

const MODES = { LOCAL: 'Local', DRY_RUN: 'Dry run', EXTERNAL: 'External' } as const;

/** How much of a run is done, in words. */
export const modeLabel = (mode: RunMode): string => MODES[mode];
