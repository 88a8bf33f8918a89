/** How often this process refused a request, by reason: for the metrics. */

const REASONS = [
  'REFUSED_HOST',
  'REFUSED_ORIGIN',
  'TOO_COMPLEX',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_TOKENS',
  'TOO_MANY_SUBSCRIPTIONS',
  'TOO_MANY_SOCKETS',
  'TOO_LARGE',
  'TOO_SLOW',
  'RATE_LIMITED',
  'PERSISTED_ONLY',
  'UNAUTHENTICATED',
  'FORBIDDEN',
] as const;
export type Reason = (typeof REASONS)[number];

export type Rejections = {
  /** Notes one refusal. What is no reason of ours is not counted, so that no caller can add names. */
  count(reason: string): void;
  /** All reasons with their counts since the start of the process. */
  read(): ReadonlyMap<Reason, number>;
};

const isReason = (word: string): word is Reason => (REASONS as readonly string[]).includes(word);

export function openRejections(): Rejections {
  const counts = new Map<Reason, number>(REASONS.map((reason) => [reason, 0]));
  return {
    count(reason) {
      if (isReason(reason)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    read: () => counts,
  };
}
