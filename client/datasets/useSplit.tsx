import { SegmentedControl } from '@mantine/core';
import type { Split } from '../gql/graphql.ts';
import { oneOf, useUrlState } from '../lib/url.ts';

const SPLITS: readonly Split[] = ['TRAIN', 'EVAL', 'TEST'];

/** The side that the URL asks for; undefined is all of them. */
export function useSplit() {
  const [url, setUrl] = useUrlState('split');
  const split = oneOf(SPLITS, url.split);
  const control = (
    <SegmentedControl
      size="xs"
      aria-label="Split"
      value={split ?? ''}
      onChange={(value) => setUrl({ split: value })}
      data={[
        { value: '', label: 'All' },
        { value: 'TRAIN', label: 'Train' },
        { value: 'EVAL', label: 'Eval' },
        { value: 'TEST', label: 'Test' },
      ]}
    />
  );
  return { split, control };
}
