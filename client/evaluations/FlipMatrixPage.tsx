import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './FlipMatrix.module.css';
import { FlipMatrixRows } from './FlipMatrixRows.tsx';
import { CELLS } from './flips.ts';

const FlipMatrixPage_Query = graphql(`
  query FlipMatrixPage_Query($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Evaluation {
        score
        run {
          id
          number
          name
        }
      }
    }
  }
`);

/** Each item in each of up to 20 evaluations; those on which they disagree most come first. */
export function FlipMatrixPage() {
  const [url] = useUrlState('e');
  const ids = (url.e ?? '').split(',').filter(Boolean).slice(0, 20);
  const { pages, more } = usePages(ids.join(','));
  const { data } = usePageQuery({
    query: FlipMatrixPage_Query,
    variables: { ids },
    pause: ids.length === 0,
  });
  if (ids.length === 0) {
    return (
      <Page title="Item by item">
        <Section flush>
          <EmptyState
            title="Choose evaluations"
            action={
              <Button component={Link} to={paths.leaderboard()}>
                To the leaderboard
              </Button>
            }
          >
            Tick up to 20 rows of a leaderboard and take “Item by item”.
          </EmptyState>
        </Section>
      </Page>
    );
  }
  const columns = ids.map((id) => {
    const node = data?.nodes.find((one) => one?.id === id);
    return node?.__typename === 'Evaluation'
      ? { id, run: node.run.number, name: node.run.name ?? '' }
      : { id, run: undefined, name: '' };
  });
  return (
    <Page
      title="Item by item"
      description="Which run got which item right. Where they disagree most comes first."
    >
      <Section flush>
        <p className={css.legend}>
          {Object.values(CELLS).map(({ word, sign }) => (
            <span key={word}>
              <b>{sign}</b> {word}
            </span>
          ))}
        </p>
        {/* A scrolling region must be reachable by keyboard. */}
        <section
          className={css.scroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
          tabIndex={0}
          aria-label="Items and runs"
        >
          <table className={css.matrix} aria-label="Item by item" data-testid="flip-matrix">
            <thead>
              <tr>
                <th scope="col" className={css.item}>
                  Item
                </th>
                {columns.map(({ id, run, name }) => (
                  <th key={id} scope="col" title={name}>
                    <TextLink to={paths.evaluation(id)}>#{run ?? '…'}</TextLink>
                  </th>
                ))}
              </tr>
            </thead>
            <FlipMatrixRows columns={columns} after={null} pages={pages} onMore={more} />
          </table>
        </section>
      </Section>
    </Page>
  );
}
