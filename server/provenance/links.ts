/** What comes from what, as pairs of columns of the tables that say so. */

export type LineageKind =
  | 'IMPORT'
  | 'TRACE'
  | 'DATASET'
  | 'EVALUATION_SET'
  | 'RUN'
  | 'EVALUATION'
  | 'BASELINE';

export type Link = {
  from: LineageKind;
  to: LineageKind;
  /** What the product is to the origin. */
  relation: string;
  /** Table, column of the origin, column of the product. */
  at: readonly [table: string, origin: string, product: string];
};

export const LINKS: readonly Link[] = [
  { from: 'IMPORT', to: 'TRACE', relation: 'imported', at: ['traces', 'import_session_id', 'id'] },
  {
    from: 'TRACE',
    to: 'DATASET',
    relation: 'contained in',
    at: ['dataset_items', 'trace_id', 'dataset_id'],
  },
  { from: 'DATASET', to: 'DATASET', relation: 'parent of', at: ['datasets', 'parent_id', 'id'] },
  { from: 'DATASET', to: 'RUN', relation: 'used by', at: ['runs', 'dataset_id', 'id'] },
  { from: 'RUN', to: 'RUN', relation: 'reproduced by', at: ['runs', 'reproduces_id', 'id'] },
  { from: 'RUN', to: 'EVALUATION', relation: 'judged by', at: ['evaluations', 'run_id', 'id'] },
  {
    from: 'EVALUATION_SET',
    to: 'EVALUATION',
    relation: 'asked in',
    at: ['evaluations', 'evaluation_set_id', 'id'],
  },
  {
    from: 'EVALUATION',
    to: 'BASELINE',
    relation: 'pinned as',
    at: ['baselines', 'evaluation_id', 'id'],
  },
];

/** Id and a title for people, by kind; `$1` are ids. */
export const TITLES: Record<LineageKind, string> = {
  IMPORT: `SELECT id, coalesce(name, 'import') AS title FROM import_sessions`,
  TRACE: 'SELECT id, left(prompt_preview, 80) AS title FROM traces',
  DATASET: 'SELECT id, key AS title FROM datasets',
  EVALUATION_SET: 'SELECT id, key AS title FROM evaluation_sets',
  RUN: `SELECT id, '#' || number || coalesce(' ' || name, '') AS title FROM runs`,
  EVALUATION: `SELECT id, judge || '@' || judge_version || ' on ' || coalesce(split::text, 'a set') AS title FROM evaluations`,
  BASELINE: `SELECT id, name || ' r' || revision AS title FROM baselines`,
};
