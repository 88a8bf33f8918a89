import { SimpleGrid } from '@mantine/core';
import { SetBaselineButton } from '../baselines/SetBaselineButton.tsx';
import { graphql } from '../gql/index.ts';
import { formatMetric, formatPercent } from '../lib/format.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { EvaluationBadge } from './EvaluationBadge.tsx';
import { EvaluationItems } from './EvaluationItems.tsx';
import { judgedOn } from './judgedOn.ts';
import { SliceScores } from './SliceScores.tsx';
import { Whisker } from './Whisker.tsx';

const EvaluationPage_Query = graphql(`
  query EvaluationPage_Query($id: ID!) {
    evaluation(id: $id) {
      id
      status
      score
      primaryScore
      itemCount
      correctCount
      split
      metrics
      error
      createdAt
      accuracyInterval {
        low
        high
      }
      judge {
        ref
        description
      }
      dataset {
        id
        key
      }
      evaluationSet {
        id
        key
      }
      run {
        id
        number
        name
        modelId
      }
      ...EvaluationBadge_Evaluation
      ...SetBaselineButton_Evaluation
      ...SliceScores_Evaluation
    }
  }
`);

export function EvaluationPage() {
  const id = useParam('id');
  const { data, loading } = usePageQuery({ query: EvaluationPage_Query, variables: { id } });
  const evaluation = data?.evaluation;
  if (!evaluation) {
    return loading ? <LoadingPage /> : <NotFound what="evaluation" back={paths.leaderboard()} />;
  }
  const { run, judge, dataset, evaluationSet, primaryScore } = evaluation;
  const { accuracyInterval: interval } = evaluation;
  return (
    <Page
      title={`Evaluation of run #${run.number}`}
      description={`${judge.ref} on the ${judgedOn(evaluation)}`}
      actions={<SetBaselineButton evaluation={evaluation} />}
    >
      {evaluation.error && (
        <Notice
          tone="bad"
          title={evaluation.status === 'CANCELLED' ? 'Cancelled' : 'The evaluation failed'}
        >
          {evaluation.error}
        </Notice>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Result" aside={<EvaluationBadge evaluation={evaluation} />}>
          <Facts
            of={[
              ['Score', evaluation.score !== null && formatMetric(evaluation.score)],
              [
                'Accuracy',
                typeof primaryScore === 'number' && interval && (
                  <div key="accuracy">
                    {formatPercent(primaryScore)}, 95 % interval {formatPercent(interval.low)} to{' '}
                    {formatPercent(interval.high)}
                    <Whisker value={primaryScore} low={interval.low} high={interval.high} />
                  </div>
                ),
              ],
              [
                'Correct',
                evaluation.correctCount !== null &&
                  `${evaluation.correctCount} of ${evaluation.itemCount}`,
              ],
              ['Judge', `${judge.ref}: ${judge.description}`],
              [
                'Run',
                <TextLink key="run" to={paths.run(run.number)}>
                  #{run.number} {run.name ?? ''}
                </TextLink>,
              ],
              ['Model', <Mono key="model">{run.modelId}</Mono>],
              [
                'Evaluation set',
                evaluationSet && (
                  <TextLink key="set" to={paths.leaderboard({ set: evaluationSet.key })} mono>
                    {evaluationSet.key}
                  </TextLink>
                ),
              ],
              [
                evaluationSet ? 'Trained on' : 'Dataset',
                dataset && (
                  <TextLink key="dataset" to={paths.dataset(dataset.key)} mono>
                    {dataset.key}
                  </TextLink>
                ),
              ],
              ['Scored', <Ago key="scored" at={evaluation.createdAt} />],
            ]}
          />
        </Section>
        <Section title="Metrics">
          <Code label="metrics" maxHeight={300}>
            {asJson(evaluation.metrics)}
          </Code>
        </Section>
      </SimpleGrid>
      <SliceScores evaluation={evaluation} />
      <EvaluationItems id={evaluation.id} />
    </Page>
  );
}
