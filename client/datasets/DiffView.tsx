import { Chip, Group, Stack } from '@mantine/core';
import type { DatasetDiffKind } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { DiffRows } from './DiffRows.tsx';
import css from './DiffView.module.css';
import { countOf, DIFF_KINDS, DIFF_LOOK } from './diffKinds.ts';
import { TraceDrawer } from './TraceDrawer.tsx';

const DiffView_Query = graphql(`
  query DiffView_Query($from: String!, $to: String!) {
    datasetDiff(from: $from, to: $to) {
      addedCount
      removedCount
      changedCount
      movedCount
      sameCount
      from {
        id
        key
        itemCount
      }
      to {
        id
        key
        itemCount
      }
    }
  }
`);

/** What differs between two datasets: counts, then the items by kind. */
export function DiffView(props: { from: string; to: string }) {
  const { from, to } = props;
  const [url, setUrl] = useUrlState('kind', 'trace');
  const kind = oneOf(DIFF_KINDS, url.kind);
  const { data, error, loading, refetch } = usePartQuery({
    query: DiffView_Query,
    variables: { from, to },
  });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const diff = data?.datasetDiff;
  if (!diff) {
    return loading ? (
      <LoadingRows />
    ) : (
      <Notice tone="warn">One of these two datasets does not exist.</Notice>
    );
  }
  return (
    <Stack gap="md" data-testid="diff-view">
      <div className={css.sides}>
        <span>
          <TextLink to={paths.dataset(from)} mono>
            {from}
          </TextLink>{' '}
          {plural(diff.from.itemCount, 'item')}
        </span>
        <Icon name="right" size={14} />
        <span>
          <TextLink to={paths.dataset(to)} mono>
            {to}
          </TextLink>{' '}
          {plural(diff.to.itemCount, 'item')}
        </span>
      </div>
      <Section
        source={DiffView_Query}
        flush
        title={`${formatCount(diff.sameCount)} the same`}
        aside={
          <Chip.Group
            value={kind ?? ''}
            onChange={(value) => setUrl({ kind: typeof value === 'string' ? value : undefined })}
          >
            <Group gap={6}>
              <Chip value="" size="xs" variant="light">
                All
              </Chip>
              {DIFF_KINDS.map((word: DatasetDiffKind) => (
                <Chip
                  key={word}
                  value={word}
                  size="xs"
                  variant="light"
                  title={DIFF_LOOK[word].why}
                  data-testid={`diff-${word.toLowerCase()}`}
                >
                  {DIFF_LOOK[word].label} {formatCount(countOf(diff, word))}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        }
      >
        <Table
          caption="Differences"
          testId="diff-table"
          columns={[
            { name: 'Kind' },
            { name: 'Prompt' },
            { name: 'What differs' },
            { name: 'Place', numeric: true, wide: true },
          ]}
        >
          <DiffRows
            from={from}
            to={to}
            kind={kind}
            total={(kind ? [kind] : DIFF_KINDS).reduce((sum, word) => sum + countOf(diff, word), 0)}
            onOpen={(trace) => setUrl({ trace })}
          />
        </Table>
      </Section>
      <TraceDrawer id={url.trace} onClose={() => setUrl({ trace: undefined })} />
    </Stack>
  );
}
