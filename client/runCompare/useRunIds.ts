import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';

const UseRunIds_Query = graphql(`
  query UseRunIds_Query($number: Int!) {
    run(number: $number) {
      id
      number
    }
  }
`);

type Found = { question: string; ids: string[]; missing: number[]; error?: unknown };

/** The opaque ids of runs that are known by number, in that order, and the numbers of none. */
export function useRunIds(numbers: readonly number[]): Found | undefined {
  const client = useClient();
  const question = numbers.join(',');
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    let isStale = false;
    const asked = question.split(',').filter(Boolean).map(Number);
    const read = async (): Promise<Found> => {
      const results = await Promise.all(
        asked.map((number) => client.query(UseRunIds_Query, { number }).toPromise()),
      );
      const error = results.find((result) => result.error)?.error;
      const ids = results.map(({ data }) => data?.run?.id);
      return {
        question,
        ids: ids.filter((id) => id !== undefined),
        missing: asked.filter((_, index) => ids[index] === undefined),
        ...(error && { error }),
      };
    };
    void read().then((answer) => {
      if (!isStale) setFound(answer);
    });
    return () => {
      isStale = true;
    };
  }, [client, question]);
  return found?.question === question ? found : undefined;
}
