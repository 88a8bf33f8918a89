import { Button } from '@mantine/core';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Clip, Table } from '../ui/Table.tsx';
import { ImportReport } from './ImportReport.tsx';
import { ImportStatusTag } from './ImportStatusTag.tsx';

const ImportsPage_Query = graphql(`
  query ImportsPage_Query($after: String) {
    importSessions(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          name
          status
          lines
          stored
          duplicates
          rejected
          createdAt
        }
      }
    }
  }
`);

const ImportsPage_Session = graphql(`
  query ImportsPage_Session($id: ID!) {
    importSession(id: $id) {
      id
      name
      status
      stored
      createdAt
      ...ImportReport_Session
    }
  }
`);

const COLUMNS = [
  { name: 'File' },
  { name: 'Status' },
  { name: 'Lines', numeric: true },
  { name: 'New', numeric: true, wide: true },
  { name: 'Known', numeric: true, wide: true },
  { name: 'Refused', numeric: true, wide: true },
  { name: 'When', numeric: true, wide: true },
];

const LIST = `query {
  importSessions(first: 10) { edges { node { name status lines stored rejected } } }
}`;

function ImportRows() {
  return (
    <PagedRows
      query={ImportsPage_Query}
      variables={{}}
      pageOf={(data) => data.importSessions}
      noun="import"
      empty={
        <EmptyState
          title="No imports yet"
          api={LIST}
          action={
            <May scope="TRACES_WRITE">
              <Button component={Link} to={paths.importTraces()}>
                Import a file
              </Button>
            </May>
          }
        >
          Each file that comes in leaves a report here: what was new, what was known, and which
          lines were refused and why.
        </EmptyState>
      }
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id} data-testid="import-row">
              <td>
                <Clip title={node.name ?? undefined}>
                  <TextLink to={paths.imports({ id: node.id })}>
                    {node.name ?? 'without a name'}
                  </TextLink>
                </Clip>
              </td>
              <td>
                <ImportStatusTag status={node.status} />
              </td>
              <td data-numeric>{formatCount(node.lines)}</td>
              <td data-numeric data-wide>
                {formatCount(node.stored)}
              </td>
              <td data-numeric data-wide>
                {formatCount(node.duplicates)}
              </td>
              <td data-numeric data-wide>
                {formatCount(node.rejected)}
              </td>
              <td data-numeric data-wide>
                <Ago at={node.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      )}
    </PagedRows>
  );
}

function OneImport(props: { id: string; onClose: () => void }) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: ImportsPage_Session,
    variables: { id: props.id },
  });
  const session = data?.importSession;
  return (
    <Section
      source={ImportsPage_Session}
      title={session?.name ?? 'Import'}
      testId="one-import"
      aside={
        <Button size="compact-xs" variant="subtle" color="gray" onClick={props.onClose}>
          Close
        </Button>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => execute()} />}
      {!session && !error && (fetching ? <LoadingRows rows={3} /> : 'There is no such import.')}
      {session && (
        <>
          <ImportReport session={session} />
          {session.stored > 0 && (
            <Button
              mt="md"
              size="xs"
              variant="default"
              component={Link}
              to={paths.traces({ importId: session.id })}
            >
              See its traces
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

export function ImportsPage() {
  const [url, setUrl] = useUrlState('id');
  return (
    <Page
      source={ImportsPage_Query}
      title="Imports"
      description="Files that came in, and what became of their lines."
      actions={
        <May scope="TRACES_WRITE">
          <Button component={Link} to={paths.importTraces()}>
            Import
          </Button>
        </May>
      }
    >
      {url.id && <OneImport id={url.id} onClose={() => setUrl({ id: undefined })} />}
      <Section flush>
        <Table caption="Imports" columns={COLUMNS} testId="imports-table">
          <ImportRows />
        </Table>
      </Section>
    </Page>
  );
}
