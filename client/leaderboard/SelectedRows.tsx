import { Button, Group, Text } from '@mantine/core';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';

export type Chosen = { evaluationId: string; run: number };

const MOST = 20;

/** What can be done with the rows that are ticked: two are compared, up to 20 laid side by side. */
export function SelectedRows(props: { chosen: readonly Chosen[]; onClear: () => void }) {
  const { chosen } = props;
  const [a, b] = chosen;
  if (!a) return null;
  const ids = chosen.map(({ evaluationId }) => evaluationId);
  return (
    <Group gap="sm" role="region" aria-label="Chosen rows" data-testid="chosen-rows">
      <Text size="sm">
        {chosen.map(({ run }) => `#${run}`).join(', ')}
        {!b && ': choose another to compare it with'}
        {chosen.length > MOST && `: at most ${MOST} fit into one table`}
      </Text>
      {b && chosen.length === 2 && (
        <Button
          size="compact-sm"
          component={Link}
          to={paths.compareEvaluations({ a: a.evaluationId, b: b.evaluationId })}
          data-testid="compare-rows"
        >
          Compare #{b.run} with #{a.run}
        </Button>
      )}
      {b && chosen.length <= MOST && (
        <Button
          size="compact-sm"
          variant="default"
          component={Link}
          to={paths.flipMatrix(ids)}
          data-testid="matrix-rows"
        >
          Item by item
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={props.onClear}>
        Clear
      </Button>
    </Group>
  );
}
