import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Page } from '../ui/Page.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

const EvaluationSetsPage_Query = graphql(`
  query EvaluationSetsPage_Query($after: String) {
    evaluationSets(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          key
          itemCount
          createdAt
          sections {
            value
            count
          }
          runs(first: 1) {
            totalCount
          }
        }
      }
    }
  }
`);

const CREATE = `mutation Create($jsonl: String!) {
  createEvaluationSet(input: { name: "gsm8k", version: "v1", jsonl: $jsonl }) {
    __typename
    ... on CreateEvaluationSetPayload { evaluationSet { key itemCount } }
    ... on ValidationError { issues { path message } }
  }
}`;

function SetRows() {
  return (
    <PagedRows
      query={EvaluationSetsPage_Query}
      variables={{}}
      pageOf={(data) => data.evaluationSets}
      noun="evaluation set"
      empty={
        <EmptyState
          title="No evaluation sets yet"
          action={
            <May scope="EVALUATIONS_WRITE">
              <Button component={Link} to={paths.newEvaluationSet()}>
                Import questions
              </Button>
            </May>
          }
          api={CREATE}
        >
          An evaluation set is a fixed list of questions with expected answers. Runs on different
          datasets can be judged on the same one.
        </EmptyState>
      }
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id} data-testid="evaluation-set-row">
              <td>
                <TextLink to={paths.evaluationSet(node.key)} mono>
                  {node.key}
                </TextLink>
              </td>
              <td data-numeric>{formatCount(node.itemCount)}</td>
              <td data-wide>{node.sections.map(({ value }) => value).join(', ') || '–'}</td>
              <td data-numeric>
                {node.runs.totalCount === 0 ? 'none' : formatCount(node.runs.totalCount)}
              </td>
              <td data-numeric>
                <Ago at={node.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      )}
    </PagedRows>
  );
}

export function EvaluationSetsPage() {
  return (
    <Page
      title="Evaluation sets"
      description="Fixed questions with expected answers, to judge any run on the same thing."
      actions={
        <May scope="EVALUATIONS_WRITE">
          <Button
            component={Link}
            to={paths.newEvaluationSet()}
            leftSection={<Icon name="upload" />}
            data-testid="import-evaluation-set"
          >
            Import
          </Button>
        </May>
      }
    >
      <Section flush>
        <Table
          caption="Evaluation sets"
          testId="evaluation-sets-table"
          columns={[
            { name: 'Key' },
            { name: 'Items', numeric: true },
            { name: 'Sections', wide: true },
            { name: 'Runs', numeric: true },
            { name: 'Imported', numeric: true },
          ]}
        >
          <SetRows />
        </Table>
      </Section>
    </Page>
  );
}
