import { Button } from '@mantine/core';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Section } from '../ui/Section.tsx';

const API = `query {
  leaderboard(filter: { evaluationSetKey: "quiz-v1" }) {
    edges { node { rank value tiedFrom tiedTo run { number } interval { low high } } }
  }
}`;

export function NoBoards() {
  return (
    <Section flush>
      <EmptyState
        title="Nothing is ranked here yet"
        action={
          <Button component={Link} to={paths.runs()} variant="default">
            Go to runs
          </Button>
        }
        api={API}
      >
        A completed run is scored on its evaluation set, or on the test items of its dataset, and
        appears here. Predictions of a model that was trained elsewhere can be imported.
      </EmptyState>
    </Section>
  );
}
