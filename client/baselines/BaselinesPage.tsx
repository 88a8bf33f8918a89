import { Button, Group } from '@mantine/core';
import { judgedOn } from '../evaluations/judgedOn.ts';
import { graphql } from '../gql/index.ts';
import { formatMetric } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const BaselinesPage_Query = graphql(`
  query BaselinesPage_Query {
    baselines {
      id
      name
      revision
      metric
      value
      tolerance
      setBy
      createdAt
      evaluation {
        id
        run {
          id
          number
        }
        split
        dataset {
          id
          key
        }
        evaluationSet {
          id
          key
        }
      }
      history {
        id
        checks {
          id
          verdict
          outcome
          createdAt
          evaluation {
            id
            run {
              id
              number
            }
          }
        }
      }
    }
  }
`);

const API = `mutation {
  setBaseline(input: { name: "main", evaluationId: "…", tolerance: 5 }) {
    __typename
    ... on SetBaselinePayload { baseline { name revision } }
  }
}`;

const VERDICTS_SHOWN = 3;

export function BaselinesPage() {
  const { data } = usePageQuery({ query: BaselinesPage_Query });
  return (
    <Page
      source={BaselinesPage_Query}
      title="Baselines"
      description="A pinned evaluation, a metric and a tolerance: what a new run must not fall below."
    >
      <Section flush>
        {!data && <LoadingRows />}
        {data?.baselines.length === 0 && (
          <EmptyState
            title="No baselines yet"
            action={
              <Button component={Link} to={paths.leaderboard()}>
                Pick one on the leaderboard
              </Button>
            }
            api={API}
          >
            Set a good evaluation as a baseline; later runs are checked against it item by item.
          </EmptyState>
        )}
        {data && data.baselines.length > 0 && (
          <Table
            caption="Baselines"
            testId="baselines-table"
            columns={[
              { name: 'Name' },
              { name: 'Pinned run' },
              { name: 'Metric', wide: true },
              { name: 'Value', numeric: true },
              { name: 'Tolerance', numeric: true, wide: true },
              { name: 'Last checks' },
              { name: 'Set', numeric: true, wide: true },
            ]}
          >
            <tbody>
              {data.baselines.map((baseline) => {
                const latest = baseline.history
                  .flatMap(({ checks }) => checks)
                  .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
                  .slice(0, VERDICTS_SHOWN);
                return (
                  <tr key={baseline.id}>
                    <td>
                      <TextLink to={paths.baseline(baseline.name)}>{baseline.name}</TextLink>
                    </td>
                    <td>
                      <TextLink inText to={paths.evaluation(baseline.evaluation.id)}>
                        #{baseline.evaluation.run.number}
                      </TextLink>{' '}
                      on the {judgedOn(baseline.evaluation)}
                    </td>
                    <td data-wide>{baseline.metric}</td>
                    <td data-numeric>{formatMetric(baseline.value)}</td>
                    <td data-numeric data-wide>
                      {formatMetric(baseline.tolerance)} %
                    </td>
                    <td>
                      {latest.length === 0 && 'never checked'}
                      <Group gap={4}>
                        {latest.map(({ id, verdict, evaluation }) => (
                          <Link
                            key={id}
                            to={paths.baseline(baseline.name, { check: id })}
                            title={`Run #${evaluation.run.number}`}
                          >
                            <VerdictTag verdict={verdict} />
                          </Link>
                        ))}
                      </Group>
                    </td>
                    <td data-numeric data-wide>
                      <Ago at={baseline.createdAt} />
                      {baseline.setBy && ` by ${baseline.setBy}`}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </Table>
        )}
      </Section>
    </Page>
  );
}
