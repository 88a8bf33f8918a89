import { Button, Group, SegmentedControl } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount } from '../lib/format.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { FurtherPage, useArrival } from '../ui/FurtherPage.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { usePages } from '../ui/usePages.ts';
import { FlipItem } from './FlipItem.tsx';
import css from './FlipList.module.css';
import { FLIP_KINDS, FLIPS } from './flips.ts';

const FlipList_Comparison = graphql(`
  fragment FlipList_Comparison on EvaluationComparison {
    counts {
      bothRight
      bothWrong
      fixed
      broken
      unscored
    }
  }
`);

const FlipList_Query = graphql(`
  query FlipList_Query($baseline: ID!, $candidate: ID!, $kinds: [FlipKind!], $after: String) {
    compareEvaluations(baseline: $baseline, candidate: $candidate) {
      items(kinds: $kinds, first: 20, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            position
            ...FlipItem_Item
          }
        }
      }
    }
  }
`);

type Kind = (typeof FLIP_KINDS)[number];

type PageProps = {
  baseline: string;
  candidate: string;
  kinds: readonly Kind[];
  after: string | null;
  pages: number;
  onMore: () => void;
};

function FlipItems(props: PageProps) {
  const { baseline, candidate, kinds, after, pages, onMore } = props;
  const { data, error, loading, refetch } = usePartQuery({
    query: FlipList_Query,
    variables: { baseline, candidate, kinds: [...kinds], after },
  });
  const items = data?.compareEvaluations?.items;
  useArrival(items !== undefined || error !== undefined);
  if (error) {
    return (
      <div className={css.more}>
        <ErrorNotice error={error} onRetry={refetch} />
      </div>
    );
  }
  if (!items) return <LoadingRows />;
  const { hasNextPage, endCursor } = items.pageInfo;
  if (!after && items.edges.length === 0) {
    return <EmptyState title="None of these">No item is of this kind.</EmptyState>;
  }
  return (
    <>
      {items.edges.map(({ node }) => (
        <FlipItem key={node.position} item={node} />
      ))}
      {hasNextPage && endCursor && pages > 1 ? (
        <FurtherPage as="div">
          <FlipItems {...props} after={endCursor} pages={pages - 1} />
        </FurtherPage>
      ) : (
        hasNextPage && (
          <div className={css.more}>
            <Button size="compact-sm" variant="default" loading={loading} onClick={onMore}>
              Load more
            </Button>
          </div>
        )
      )}
    </>
  );
}

/** The items of both, what got worse first. One opens with both texts side by side. */
export function FlipList(props: {
  baseline: string;
  candidate: string;
  comparison: FragmentType<typeof FlipList_Comparison>;
}) {
  const { counts } = read(FlipList_Comparison, props.comparison);
  const [url, setUrl] = useUrlState('kind');
  const kind = oneOf([...FLIP_KINDS, 'ALL'] as const, url.kind);
  const kinds = kind === 'ALL' ? FLIP_KINDS : kind ? [kind] : (['BROKEN', 'FIXED'] as const);
  const { pages, more } = usePages(kinds.join(' '));
  const of: Record<Kind, number> = {
    BROKEN: counts.broken,
    FIXED: counts.fixed,
    BOTH_WRONG: counts.bothWrong,
    BOTH_RIGHT: counts.bothRight,
    UNSCORED: counts.unscored,
  };
  return (
    <Section
      source={FlipList_Query}
      title="Items"
      flush
      aside={
        <div className={css.choice}>
          <SegmentedControl
            size="xs"
            aria-label="Which items"
            value={kind ?? 'FLIPS'}
            onChange={(value) => setUrl({ kind: value === 'FLIPS' ? undefined : value })}
            data={[
              { value: 'FLIPS', label: 'Flips' },
              { value: 'BROKEN', label: 'Worse' },
              { value: 'FIXED', label: 'Better' },
              { value: 'BOTH_WRONG', label: 'Both wrong' },
              { value: 'ALL', label: 'All' },
            ]}
          />
        </div>
      }
    >
      <Group gap={8} p="10px 16px" data-testid="flip-counts">
        {FLIP_KINDS.map((one) => (
          <Tag key={one} tone={FLIPS[one].tone} icon={FLIPS[one].icon}>
            {FLIPS[one].word}: {formatCount(of[one])}
          </Tag>
        ))}
      </Group>
      <FlipItems
        key={kinds.join(' ')}
        baseline={props.baseline}
        candidate={props.candidate}
        kinds={kinds}
        after={null}
        pages={pages}
        onMore={more}
      />
    </Section>
  );
}
