/** The same thing done to several runs: a few at a time, with an answer for each. */
export type BulkAnswer = { id: string; fault?: string };

/** Requests on their way at once: quick for ten runs, no burst for a thousand. */
const SIDE_BY_SIDE = 4;

/**
 * Does `one` for each id and tells each answer as it comes. A fault is what `one` returns or throws;
 * the others go on.
 */
export async function inBulk(
  ids: readonly string[],
  one: (id: string) => Promise<string | undefined>,
  onAnswer: (answer: BulkAnswer) => void,
): Promise<BulkAnswer[]> {
  const waiting = [...ids];
  const answers: BulkAnswer[] = [];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const fault = await one(id).catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      const answer = { id, ...(fault !== undefined && { fault }) };
      answers.push(answer);
      onAnswer(answer);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return answers;
}
