/** What a label says of the values that came too late to be known. */
const OTHER = 'other';

/**
 * Keeps the values of a label few, whoever chooses them: the first `most` that come are told as they
 * are, every other as `other`. Each value of a label is memory here and in Prometheus, for ever.
 */
export function bounded(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return OTHER;
    known.add(value);
    return value;
  };
}
