import { Stack } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { DatasetSelect } from './DatasetSelect.tsx';
import { DiffView } from './DiffView.tsx';

const DiffTab_Query = graphql(`
  query DiffTab_Query($key: String!) {
    dataset(key: $key) {
      id
      parent {
        id
        key
      }
      versions {
        id
        key
      }
    }
  }
`);

/** From another dataset to this one: from its parent, or the version before, unless said otherwise. */
export function DiffTab(props: { datasetKey: string }) {
  const { datasetKey } = props;
  const [url, setUrl] = useUrlState('with', 'kind');
  const { data, error, refetch } = usePartQuery({
    query: DiffTab_Query,
    variables: { key: datasetKey },
  });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const dataset = data?.dataset;
  if (!dataset) return <LoadingRows />;
  const keys = dataset.versions.map(({ key }) => key);
  const before = keys[keys.indexOf(datasetKey) + 1];
  const from = url.with ?? dataset.parent?.key ?? before;
  return (
    <Stack gap="md">
      <Section>
        <Stack gap="xs">
          <DatasetSelect
            label="Compare with"
            placeholder="Choose a dataset"
            value={from}
            onChange={(key) => setUrl({ with: key, kind: undefined })}
            first={keys.filter((key) => key !== datasetKey)}
          />
          {from && (
            <TextLink to={paths.datasetDiff({ from, to: datasetKey })}>
              Open this comparison as a page
            </TextLink>
          )}
        </Stack>
      </Section>
      {from ? (
        <DiffView from={from} to={datasetKey} />
      ) : (
        <Section>
          <EmptyState title="Nothing to compare with yet">
            This is the first version of its name and was made from no other. Choose any dataset
            above.
          </EmptyState>
        </Section>
      )}
    </Stack>
  );
}
