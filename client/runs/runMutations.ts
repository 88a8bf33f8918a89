/** What can be asked for a run, from its page and from lists. */
import { graphql } from '../gql/index.ts';

export const RunMutations_Cancel = graphql(`
  mutation RunMutations_Cancel($input: CancelRunInput!) {
    cancelRun(input: $input) {
      __typename
      ... on CancelRunPayload {
        run {
          id
          ...LiveRun_Run
        }
      }
      ...Problem_Error
    }
  }
`);

export const RunMutations_Retry = graphql(`
  mutation RunMutations_Retry($input: RetryRunInput!) {
    retryRun(input: $input) {
      __typename
      ... on RetryRunPayload {
        run {
          id
          number
          ...LiveRun_Run
        }
      }
      ...Problem_Error
    }
  }
`);

export const RunMutations_Resume = graphql(`
  mutation RunMutations_Resume($input: ResumeRunInput!) {
    resumeRun(input: $input) {
      __typename
      ... on ResumeRunPayload {
        run {
          id
          number
          ...LiveRun_Run
        }
      }
      ...Problem_Error
    }
  }
`);

export const RunMutations_Archive = graphql(`
  mutation RunMutations_Archive($input: ArchiveRunInput!) {
    archiveRun(input: $input) {
      __typename
      ... on ArchiveRunPayload {
        run {
          id
          archivedAt
          viewerCanArchive
        }
      }
      ...Problem_Error
    }
  }
`);
