import { SimpleGrid } from '@mantine/core';
import { judgedOn } from '../evaluations/judgedOn.ts';
import { graphql } from '../gql/index.ts';
import { formatMetric, plural } from '../lib/format.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { CheckForm } from './CheckForm.tsx';
import { CheckTable } from './CheckTable.tsx';

const BaselinePage_Query = graphql(`
  query BaselinePage_Query($name: String!) {
    baseline(name: $name) {
      id
      name
      revision
      metric
      value
      lowerIsBetter
      tolerance
      alpha
      onInconclusive
      createdAt
      evaluation {
        id
        split
        judge {
          ref
        }
        run {
          id
          number
        }
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
        revision
        metric
        value
        createdAt
        evaluation {
          id
          run {
            id
            number
          }
        }
      }
      checks {
        id
        ...CheckTable_Check
      }
    }
  }
`);

export function BaselinePage() {
  const name = useParam('name');
  const { data, loading, refetch } = usePageQuery({
    query: BaselinePage_Query,
    variables: { name },
  });
  const baseline = data?.baseline;
  if (!baseline) {
    return loading ? <LoadingPage /> : <NotFound what="baseline" back={paths.baselines()} />;
  }
  const { evaluation } = baseline;
  return (
    <Page
      title={`Baseline ${baseline.name}`}
      description={`Revision ${baseline.revision}, pinned to an evaluation of run #${evaluation.run.number}`}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Policy">
          <Facts
            of={[
              [
                'Metric',
                `${baseline.metric}, ${baseline.lowerIsBetter ? 'lower' : 'higher'} is better`,
              ],
              ['Value', formatMetric(baseline.value)],
              ['Tolerance', `${formatMetric(baseline.tolerance)} %`],
              ['Alpha', baseline.alpha],
              ['If inconclusive', baseline.onInconclusive.toLowerCase()],
              [
                'Evaluation',
                <TextLink key="evaluation" to={paths.evaluation(evaluation.id)}>
                  run #{evaluation.run.number}
                </TextLink>,
              ],
              ['Scored on', judgedOn(evaluation)],
              ['Judge', evaluation.judge.ref],
              ['Set', <Ago key="set" at={baseline.createdAt} />],
            ]}
          />
        </Section>
        <Section title="Check a run">
          <CheckForm baseline={baseline.name} onChecked={refetch} />
        </Section>
      </SimpleGrid>
      <Section title={plural(baseline.checks.length, 'check')} flush>
        <CheckTable checks={baseline.checks} />
      </Section>
      {baseline.history.length > 1 && (
        <Section title="Revisions" flush>
          <Table
            caption="Revisions"
            columns={[
              { name: 'Revision' },
              { name: 'Run' },
              { name: 'Value', numeric: true },
              { name: 'Set', numeric: true },
            ]}
          >
            <tbody>
              {baseline.history.map((past) => (
                <tr key={past.id}>
                  <td>{past.revision}</td>
                  <td>
                    <TextLink to={paths.evaluation(past.evaluation.id)}>
                      #{past.evaluation.run.number}
                    </TextLink>
                  </td>
                  <td data-numeric>
                    {past.metric} {formatMetric(past.value)}
                  </td>
                  <td data-numeric>
                    <Ago at={past.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Section>
      )}
    </Page>
  );
}
