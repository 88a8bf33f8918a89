import { Group, Select, Stack, Text } from '@mantine/core';
import { graphql, read } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount, formatDate } from '../lib/format.ts';
import { useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { CheckCounts } from './CheckCounts.tsx';
import { CheckForm } from './CheckForm.tsx';
import { CheckTag } from './CheckTag.tsx';
import { FindingsTable } from './FindingsTable.tsx';
import { useUntilDone } from './useUntilDone.ts';

const ChecksTab_Check = graphql(`
  fragment ChecksTab_Check on DatasetCheck {
    id
    status
    modelId
    maxTokens
    maxChars
    tokensChecked
    tokensNote
    error
    createdAt
    finishedAt
    ...CheckTag_DatasetCheck
    ...CheckCounts_DatasetCheck
  }
`);

const ChecksTab_Query = graphql(`
  query ChecksTab_Query($key: String!) {
    dataset(key: $key) {
      id
      key
      viewerCanCheck
      checks(first: 20) {
        edges {
          node {
            id
            ...ChecksTab_Check
          }
        }
      }
    }
    models {
      id
    }
  }
`);

const ChecksTab_Changed = graphql(`
  subscription ChecksTab_Changed($id: ID!) {
    datasetCheckChanged(id: $id) {
      id
      ...ChecksTab_Check
    }
  }
`);

/** The latest check, or an earlier one that the URL names, and the form for another. */
export function ChecksTab(props: { datasetKey: string }) {
  const { datasetKey } = props;
  const [url, setUrl] = useUrlState('check');
  const { data, error, refetch } = usePartQuery({
    query: ChecksTab_Query,
    variables: { key: datasetKey },
  });
  const checks = data?.dataset?.checks.edges.map(({ node }) => read(ChecksTab_Check, node)) ?? [];
  const check = checks.find(({ id }) => id === url.check) ?? checks[0];
  const isOver = check?.status === 'COMPLETED' || check?.status === 'FAILED';
  useUntilDone(ChecksTab_Changed, check?.id, isOver);
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data) return <LoadingRows />;
  return (
    <Stack gap="md">
      {check && (
        <Section
          source={ChecksTab_Query}
          title="Check"
          testId="check"
          aside={
            <Group gap="sm">
              {checks.length > 1 && (
                <Select
                  size="xs"
                  w={210}
                  aria-label="Which check"
                  allowDeselect={false}
                  data={checks.map(({ id, createdAt }) => ({
                    value: id,
                    label: formatDate(createdAt),
                  }))}
                  value={check.id}
                  onChange={(id) => setUrl({ check: id === checks[0]?.id ? undefined : id })}
                />
              )}
              <CheckTag check={check} />
            </Group>
          }
        >
          <Stack gap="sm">
            {check.status === 'FAILED' && (
              <Notice tone="bad" title="The check could not be finished">
                {check.error}
              </Notice>
            )}
            <Text size="xs" c="dimmed">
              {formatDate(check.createdAt)}
              {check.maxChars !== null && `, at most ${formatCount(check.maxChars)} characters`}
              {check.maxTokens !== null &&
                `, at most ${formatCount(check.maxTokens)} tokens of ${check.modelId ?? 'the built-in model'}`}
              {isOver && check.tokensChecked && ', tokens counted'}
            </Text>
            {check.tokensNote && <Notice tone="info">{check.tokensNote}</Notice>}
            {check.status !== 'FAILED' && <CheckCounts check={check} />}
          </Stack>
        </Section>
      )}
      {check?.status === 'COMPLETED' && (
        <FindingsTable
          // What is ticked belongs to one check.
          key={check.id}
          checkId={check.id}
          datasetKey={datasetKey}
          isLatest={check === checks[0]}
          onChanged={refetch}
        />
      )}
      {!check && (
        <Section>
          <EmptyState
            title="Not checked yet"
            api={`mutation { checkDataset(input: { datasetKey: "${datasetKey}" }) {
  ... on CheckDatasetPayload { check { id status } } ... on Error { message } } }`}
          >
            A check looks for duplicates, leaks between the sides, leaks of evaluation sets, and
            items that are too long or do not end where their answer says.
          </EmptyState>
        </Section>
      )}
      {data.dataset?.viewerCanCheck && (
        <CheckForm
          datasetKey={datasetKey}
          isAgain={check !== undefined}
          models={data.models.map(({ id }) => id)}
          onStarted={() => {
            setUrl({ check: undefined });
            refetch();
          }}
        />
      )}
    </Stack>
  );
}
