/** What a row of the list knows of a run. */
import type { RunList_RunFragment } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';

export const RunList_Run = graphql(`
  fragment RunList_Run on Run {
    id
    number
    name
    modelId
    mode
    status
    version
    createdAt
    createdBy
    durationSeconds
    archivedAt
    viewerCanCancel
    viewerCanRetry
    viewerCanArchive
    dataset {
      id
      key
    }
    failure {
      code
      title
    }
    attempts {
      attempt
      runner {
        id
        name
      }
    }
    metrics(names: ["train/loss"], maxPoints: 40) {
      name
      points {
        step
        value
      }
    }
    evaluations {
      id
      status
      itemCount
      correctCount
      accuracyInterval {
        low
        high
      }
      judge {
        ref
      }
      latestCheck {
        id
        verdict
        createdAt
        baseline {
          id
          name
        }
      }
    }
    ...RunStatusBadge_Run
    ...RunProgress_Run
  }
`);

export type RunRow = RunList_RunFragment;

/** `#142 warm start`, as people speak of a run. */
export const runTitle = (run: { number: number; name: string | null }): string =>
  `#${run.number}${run.name ? ` ${run.name}` : ''}`;

/** Who has it, or had it last. */
export const runnerOf = (run: RunRow): string | undefined => run.attempts.at(-1)?.runner?.name;

/** Who asked for it, without the host of their address. */
export const whoOf = ({ createdBy }: { createdBy: string | null }): string | undefined =>
  createdBy?.replace(/@\S+$/, '');

/** The newest verdict on its final model. */
export function accuracyOf(run: RunRow) {
  const judged = run.evaluations.find(({ status }) => status === 'COMPLETED');
  if (!judged?.itemCount || judged.correctCount === null) return undefined;
  const { id, judge, accuracyInterval: interval, itemCount, correctCount } = judged;
  return { id, judge: judge.ref, value: correctCount / itemCount, interval, itemCount };
}

/** What a gate said last of its final model. */
export const checkOf = (run: Pick<RunRow, 'evaluations'>) =>
  run.evaluations
    .flatMap(({ latestCheck }) => latestCheck ?? [])
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
