/** Requests that are the same each time, with one right answer. */
import { type Answer, openConnection } from './connection.ts';
import type { Target } from './load.ts';
import { WrongResult } from './workload.ts';

/** A request that is repeated as it is, and that must always get the same answer. */
export function targetOf(url: URL, request: Buffer, expected: Buffer): Target {
  return {
    url,
    request: () => request,
    check({ status, body }: Answer) {
      if (status !== 200 || !body.equals(expected)) {
        throw new WrongResult(
          `another answer than before (${status}): ${body.toString('utf8', 0, 300)}`,
        );
      }
    },
  };
}

/** Asks once. */
export async function ask(url: URL, request: Buffer): Promise<Answer> {
  using connection = await openConnection(url);
  const answer = await connection.send(request);
  if (answer.status !== 200) {
    throw new Error(
      `${url.href} answered ${answer.status}: ${answer.body.toString('utf8', 0, 500)}`,
    );
  }
  return answer;
}
