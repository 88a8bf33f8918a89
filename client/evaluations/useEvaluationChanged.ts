import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';

const UseEvaluationChanged_Changed = graphql(`
  subscription UseEvaluationChanged_Changed($id: ID!) {
    evaluationChanged(id: $id) {
      id
      status
      score
      primaryScore
      correctCount
      metrics
      error
      finishedAt
      viewerCanPin
      accuracyInterval {
        low
        high
      }
      usage {
        requests
        promptTokens
        completionTokens
      }
      ...EvaluationBadge_Evaluation
      ...EvaluationProgress_Evaluation
      ...SliceScores_Evaluation
    }
  }
`);

/**
 * Keeps an evaluation in the cache up to date while it is not over. Answers a number that grows when
 * it ends, for what has to be read again then.
 */
export function useEvaluationChanged(id: string, isOver: boolean): number {
  const client = useClient();
  const [ends, setEnds] = useState(0);
  useEffect(() => {
    if (isOver) return undefined;
    const { unsubscribe } = client
      .subscription(UseEvaluationChanged_Changed, { id })
      .subscribe(({ data }) => {
        const status = data?.evaluationChanged.status;
        if (status && status !== 'PENDING' && status !== 'RUNNING') setEnds((count) => count + 1);
      });
    return unsubscribe;
  }, [client, id, isOver]);
  return ends;
}
