/** The links of a chain of provenance. */
export type StepKind =
  | 'EVALUATION'
  | 'PREDICTIONS'
  | 'WEIGHTS'
  | 'RUN'
  | 'EVALUATION_SET'
  | 'DATASET'
  | 'TRACES'
  | 'TRACE'
  | 'SOURCE';

/** One link: what it is, a digest of its content, and what is known of it, all from stored rows. */
export type Step = {
  kind: StepKind;
  /** For people; not part of the document. */
  title: string;
  /** Null for what has no row of its own. */
  id: string | null;
  /** sha256; null where there is nothing to hash. */
  digest: string | null;
  /** JSON values by name. What the row does not know is null. */
  facts: Record<string, unknown>;
};

/** sha256 in hex over the lines, in the order of `order`, as SQL; of no line it is that of no bytes. */
export const digestOfLines = (line: string, order: string): string =>
  `encode(sha256(convert_to(coalesce(string_agg(${line}, E'\\n' ORDER BY ${order}), ''), 'UTF8')), 'hex')`;

/** sha256 in hex of a text column, as SQL. */
export const digestOfText = (column: string): string =>
  `encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`;
