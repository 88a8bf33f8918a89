/** What changes on a run while it lives; carried by every stream, so the cache stays current. */
import { graphql } from '../gql/index.ts';

export const LiveRun_Run = graphql(`
  fragment LiveRun_Run on Run {
    id
    number
    status
    version
    attempt
    error
    exitCode
    exitSignal
    cancelRequestedAt
    startedAt
    finishedAt
    durationSeconds
    queuePosition
    pendingReasons {
      code
      message
    }
    viewerCanCancel
    viewerCanEvaluate
    progress {
      step
      totalSteps
      percent
      etaSeconds
      stepsPerSecond
      tokensPerSecond
    }
  }
`);
