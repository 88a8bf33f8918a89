import { Button, SimpleGrid } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { SetBaselineButton } from '../baselines/SetBaselineButton.tsx';
import { graphql } from '../gql/index.ts';
import { formatCount, formatPercent, formatScore } from '../lib/format.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { ProvenanceDrawer } from '../provenance/ProvenanceDrawer.tsx';
import { Ago } from '../ui/Ago.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { EvaluateDialog } from './EvaluateDialog.tsx';
import { EvaluationBadge } from './EvaluationBadge.tsx';
import { EvaluationItems } from './EvaluationItems.tsx';
import { EvaluationProgress } from './EvaluationProgress.tsx';
import { judgedOn } from './judgedOn.ts';
import { MetricTable } from './MetricTable.tsx';
import { SliceScores } from './SliceScores.tsx';
import { useEvaluationChanged } from './useEvaluationChanged.ts';
import { Whisker } from './Whisker.tsx';

const EvaluationPage_Query = graphql(`
  query EvaluationPage_Query($id: ID!) {
    evaluation(id: $id) {
      id
      status
      score
      itemCount
      correctCount
      split
      step
      metrics
      settings
      error
      createdAt
      accuracyInterval {
        low
        high
      }
      usage {
        requests
        promptTokens
        completionTokens
      }
      judge {
        ref
        isMock
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
        viewerCanEvaluate
        ...EvaluateDialog_Run
      }
      ...EvaluationBadge_Evaluation
      ...EvaluationProgress_Evaluation
      ...SetBaselineButton_Evaluation
      ...SliceScores_Evaluation
    }
  }
`);

export function EvaluationPage() {
  const id = useParam('id');
  const [url, setUrl] = useUrlState('provenance');
  const [isAsking, { open, close }] = useDisclosure(false);
  const { data, loading } = usePageQuery({ query: EvaluationPage_Query, variables: { id } });
  const evaluation = data?.evaluation;
  const isOver = evaluation?.status !== 'PENDING' && evaluation?.status !== 'RUNNING';
  const ends = useEvaluationChanged(id, isOver);
  if (!evaluation) {
    return loading ? <LoadingPage /> : <NotFound what="evaluation" back={paths.leaderboard()} />;
  }
  const { run, judge, dataset, evaluationSet, usage, correctCount, itemCount } = evaluation;
  const { accuracyInterval: interval } = evaluation;
  const accuracy = correctCount !== null && itemCount ? correctCount / itemCount : null;
  const hasSettings = Object.keys((evaluation.settings ?? {}) as object).length > 0;
  const board = evaluationSet
    ? { set: evaluationSet.key, judge: judge.ref }
    : { dataset: dataset?.key ?? '', split: evaluation.split ?? '', judge: judge.ref };
  return (
    <Page
      source={EvaluationPage_Query}
      title={`Evaluation of run #${run.number}`}
      description={`${judge.ref} on the ${judgedOn(evaluation)}${evaluation.step > 0 ? `, at step ${formatCount(evaluation.step)}` : ''}`}
      actions={
        <>
          <Button variant="default" onClick={() => setUrl({ provenance: evaluation.id }, true)}>
            Where it comes from
          </Button>
          {run.viewerCanEvaluate && (
            <Button variant="default" onClick={open} data-testid="evaluate-again">
              Evaluate with another judge
            </Button>
          )}
          <SetBaselineButton evaluation={evaluation} />
        </>
      }
    >
      {evaluation.error && (
        <Notice
          tone="bad"
          title={evaluation.status === 'CANCELLED' ? 'Cancelled' : 'The evaluation failed'}
        >
          {evaluation.error}
        </Notice>
      )}
      <EvaluationProgress evaluation={evaluation} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
        <Section title="Result" aside={<EvaluationBadge evaluation={evaluation} />} testId="result">
          <Facts
            of={[
              ['Score', evaluation.score === null ? null : formatScore(evaluation.score)],
              [
                'Accuracy',
                accuracy !== null && interval && (
                  <div key="accuracy">
                    {formatPercent(accuracy)}, 95 % interval {formatPercent(interval.low)} to{' '}
                    {formatPercent(interval.high)}
                    <Whisker value={accuracy} low={interval.low} high={interval.high} />
                  </div>
                ),
              ],
              [
                'Correct',
                correctCount === null
                  ? null
                  : `${formatCount(correctCount)} of ${formatCount(itemCount ?? 0)}`,
              ],
              [
                'Judge',
                <span key="judge">
                  {judge.isMock && <Tag tone="warn">Mock</Tag>}{' '}
                  <TextLink to={paths.judges({ try: judge.ref })} mono>
                    {judge.ref}
                  </TextLink>
                </span>,
              ],
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
                  <TextLink key="set" to={paths.evaluationSet(evaluationSet.key)} mono>
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
              [
                'Compared',
                <TextLink key="board" to={paths.leaderboard(board)}>
                  on its leaderboard
                </TextLink>,
              ],
              ['Asked for', <Ago key="scored" at={evaluation.createdAt} />],
            ]}
          />
        </Section>
        <Section title="Metrics and usage">
          <MetricTable metrics={evaluation.metrics} />
          {usage.requests > 0 && (
            <p data-testid="usage">
              {formatCount(usage.requests)} requests, {formatCount(usage.promptTokens)} prompt and{' '}
              {formatCount(usage.completionTokens)} completion tokens.
            </p>
          )}
          {hasSettings && (
            <details style={{ marginTop: 10 }}>
              <summary>Settings of the judge</summary>
              <Code label="settings" maxHeight={220}>
                {asJson(evaluation.settings)}
              </Code>
            </details>
          )}
        </Section>
      </SimpleGrid>
      <SliceScores evaluation={evaluation} />
      <EvaluationItems id={evaluation.id} reads={ends} />
      {isAsking && <EvaluateDialog run={run} onClose={close} />}
      <ProvenanceDrawer id={url.provenance} onClose={() => setUrl({ provenance: undefined })} />
    </Page>
  );
}
