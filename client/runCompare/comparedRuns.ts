/** What the comparison shows of each run. */
import type { Compared_RunFragment } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';

export const Compared_Run = graphql(`
  fragment Compared_Run on Run {
    id
    number
    name
    status
    modelId
    config
    durationSeconds
    createdAt
    progress {
      step
      totalSteps
    }
    dataset {
      id
      key
    }
    evaluationSet {
      id
      key
    }
    artifacts {
      id
      attempt
      kind
      path
      size
      sha256
    }
    ...RunStatusBadge_Run
  }
`);

export type ComparedRun = Compared_RunFragment;

export const runLabel = ({ number, name }: Pick<ComparedRun, 'number' | 'name'>): string =>
  `#${number}${name ? ` ${name}` : ''}`;
