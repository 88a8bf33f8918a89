/** What the log viewer asks the API. */
import { graphql } from '../gql/index.ts';

export const LogViewer_Query = graphql(`
  query LogViewer_Query($number: Int!) {
    run(number: $number) {
      id
      startedAt
      log {
        lines
        bytes
        stdoutLines
        stderrLines
        systemLines
        gaps
        deletedAt
        attempts {
          attempt
          firstSeq
          lastSeq
        }
      }
    }
  }
`);

export const LogViewer_Follow = graphql(`
  subscription LogViewer_Follow($runId: ID!, $after: BigInt) {
    runLogs(runId: $runId, after: $after) {
      __typename
      ... on LogBatch {
        firstSeq
        lastSeq
        attempt
        stream
        text
        at
      }
      ... on LogGap {
        seq
        attempt
        at
        lostBytes
        lostLines
      }
      ... on LogOpenLine {
        seq
        attempt
        stream
        text
      }
      ... on StreamPhase {
        phase
        behindBy
      }
      ... on StreamCompleted {
        lastSeq
        status
      }
    }
  }
`);

export const LogViewer_Page = graphql(`
  query LogViewer_Page($runId: ID!, $after: BigInt, $maxLines: Int) {
    runLogs(runId: $runId, after: $after, maxLines: $maxLines) {
      batches {
        firstSeq
        lastSeq
        attempt
        stream
        text
        at
      }
      gaps {
        seq
        attempt
        at
        lostBytes
        lostLines
      }
    }
  }
`);

export const LogViewer_Search = graphql(`
  query LogViewer_Search(
    $runId: ID!
    $query: String!
    $caseSensitive: Boolean
    $streams: [LogStream!]
    $after: BigInt
    $before: BigInt
    $first: Int
    $counts: Boolean!
  ) {
    runLogSearch(
      runId: $runId
      query: $query
      caseSensitive: $caseSensitive
      streams: $streams
      after: $after
      before: $before
      first: $first
    ) {
      totalCount @include(if: $counts)
      totalIsExact @include(if: $counts)
      endSeq
      hasMore
      matches {
        seq
        attempt
        stream
        text
        at
      }
    }
  }
`);
