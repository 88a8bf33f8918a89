import { Text } from '@mantine/core';
import { Whisker } from '../evaluations/Whisker.tsx';
import type { ComparedEvaluations_BoardFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatPercent, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import { ComparedTable } from './ComparedTable.tsx';
import type { ComparedRun } from './comparedRuns.ts';

const ComparedEvaluations_Board = graphql(`
  fragment ComparedEvaluations_Board on ComparedEvaluation {
    board
    judge
    split
    evaluations {
      id
      itemCount
      correctCount
      accuracyInterval {
        low
        high
      }
    }
  }
`);

type Evaluation = ComparedEvaluations_BoardFragment['evaluations'][number];

function Cell(props: { evaluation: Evaluation; first: Evaluation | undefined }) {
  const { evaluation, first } = props;
  if (!evaluation?.itemCount) return <>–</>;
  const { id, itemCount, correctCount, accuracyInterval: interval } = evaluation;
  const value = (correctCount ?? 0) / itemCount;
  return (
    <>
      <TextLink inText to={paths.evaluation(id)}>
        {formatPercent(value)}
      </TextLink>{' '}
      of {plural(itemCount, 'item')}
      {interval && <Whisker value={value} low={interval.low} high={interval.high} isSmall />}
      {first && first.id !== id && (
        <TextLink
          inText
          to={paths.compareEvaluations({ a: first.id, b: id })}
          testId="compare-evaluations"
        >
          Item by item
        </TextLink>
      )}
    </>
  );
}

/** How the runs did on the boards they share, with 95 % intervals. */
export function ComparedEvaluations(props: {
  runs: readonly ComparedRun[];
  boards: readonly FragmentType<typeof ComparedEvaluations_Board>[];
}) {
  const boards = read(ComparedEvaluations_Board, props.boards);
  return (
    <Section title="Evaluations on shared boards" flush testId="compared-evaluations">
      {boards.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          No two of these runs were judged on the same items by the same judge.
        </Text>
      ) : (
        <ComparedTable
          caption="Evaluations"
          runs={props.runs}
          rows={boards.map(({ board, judge, split, evaluations }) => {
            const first = evaluations.find((evaluation) => evaluation !== null) ?? undefined;
            return {
              key: `${board} ${split} ${judge}`,
              name: `${board}${split === 'SET' ? '' : ` · ${split.toLowerCase()}`} · ${judge}`,
              cells: evaluations.map((evaluation, index) => (
                <Cell key={index} evaluation={evaluation} first={first} />
              )),
            };
          })}
        />
      )}
    </Section>
  );
}
