/** Labels: what a runner offers and a run may require. The labels of a run name its queue. */
import { z } from 'zod';

const MAX_LABELS = 8;

/** One label: `gpu`, `a100-80gb`. */
export const Label = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'use 1–63 lower-case letters, digits and . _ - only, starting with a letter or digit',
  );

/** Labels of a run or a queue: sorted, each once; at most 8. */
export const Labels = z
  .array(Label)
  .max(MAX_LABELS)
  .transform((labels) => [...new Set(labels)].toSorted());

/** The name of a queue among people: `gpu,large-memory`; empty for runs that require nothing. */
export const queueKey = (labels: readonly string[]): string => labels.join(',');

/** Labels as words: `gpu and large-memory`. */
export const labelList = (labels: readonly string[]): string =>
  new Intl.ListFormat('en-GB').format(labels);
