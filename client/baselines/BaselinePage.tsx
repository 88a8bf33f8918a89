import { Button, SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import { judgedOn } from '../evaluations/judgedOn.ts';
import { graphql } from '../gql/index.ts';
import { formatMetric, formatPercent, plural } from '../lib/format.ts';
import { May } from '../lib/May.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { useMay } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { CheckForm } from './CheckForm.tsx';
import { CheckTable } from './CheckTable.tsx';
import { PolicyEditor } from './PolicyEditor.tsx';
import { PromoteDialog } from './PromoteDialog.tsx';
import { policyFormOf } from './policyForm.ts';
import { RevisionTable } from './RevisionTable.tsx';

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
      minItems
      requiredJudge
      floors {
        by
        value
        minimum
      }
      note
      setBy
      createdAt
      viewerCanCheck
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
        ...RevisionTable_Baseline
        checks {
          id
          createdAt
          ...CheckTable_Check
        }
      }
      ...PolicyEditor_Baseline
    }
  }
`);

const DOES = { PASS: 'pass', WARN: 'pass with a warning', FAIL: 'fail' } as const;

export function BaselinePage() {
  const name = useParam('name');
  const [url, setUrl] = useUrlState('edit');
  const mayChange = useMay('EVALUATIONS_WRITE');
  const [isPromoting, setPromoting] = useState(false);
  const { data, loading, refetch } = usePageQuery({
    query: BaselinePage_Query,
    variables: { name },
  });
  const baseline = data?.baseline;
  if (!baseline) {
    return loading ? <LoadingPage /> : <NotFound what="baseline" back={paths.baselines()} />;
  }
  const { evaluation } = baseline;
  const { evaluationSet, dataset } = evaluation;
  const checks = baseline.history.flatMap((revision) => revision.checks);
  const isEditing = url.edit !== undefined && mayChange;
  return (
    <Page
      source={BaselinePage_Query}
      title={`Baseline ${baseline.name}`}
      description={`Revision ${baseline.revision}, pinned to an evaluation of run #${evaluation.run.number}`}
      actions={
        <May scope="EVALUATIONS_WRITE">
          <Button variant="default" onClick={() => setPromoting(true)} data-testid="promote">
            Promote the best run
          </Button>
          {!isEditing && (
            <Button onClick={() => setUrl({ edit: 'policy' }, true)} data-testid="edit-policy">
              Change the policy
            </Button>
          )}
        </May>
      }
    >
      {isEditing ? (
        <PolicyEditor
          key={baseline.id}
          baseline={baseline}
          onClose={() => setUrl({ edit: undefined })}
          onSaved={() => {
            setUrl({ edit: undefined });
            refetch();
          }}
        />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
          <Section title="Policy" testId="policy">
            <Facts
              of={[
                [
                  'Metric',
                  `${baseline.metric}, ${baseline.lowerIsBetter ? 'lower' : 'higher'} is better`,
                ],
                ['Value', formatMetric(baseline.value)],
                ['Tolerance', `${formatMetric(baseline.tolerance)} %`],
                ['Alpha', baseline.alpha],
                ['If inconclusive', DOES[baseline.onInconclusive]],
                ['Least items', baseline.minItems > 0 ? baseline.minItems : null],
                ['Required judge', baseline.requiredJudge],
                [
                  'Floors',
                  baseline.floors
                    .map(
                      ({ by, value, minimum }) =>
                        `${by.toLowerCase()} ${value} at least ${formatPercent(minimum, 0)}`,
                    )
                    .join(', '),
                ],
                ['Note', baseline.note],
                [
                  'Evaluation',
                  <TextLink key="evaluation" to={paths.evaluation(evaluation.id)}>
                    run #{evaluation.run.number}
                  </TextLink>,
                ],
                ['Scored on', judgedOn(evaluation)],
                ['Judge', evaluation.judge.ref],
                [
                  'Set',
                  <span key="set">
                    <Ago at={baseline.createdAt} />
                    {baseline.setBy && ` by ${baseline.setBy}`}
                  </span>,
                ],
              ]}
            />
          </Section>
          {baseline.viewerCanCheck && (
            <Section title="Check a run">
              <CheckForm baseline={baseline.name} onChecked={refetch} />
            </Section>
          )}
        </SimpleGrid>
      )}
      <Section title={plural(checks.length, 'check')} flush>
        <CheckTable checks={checks.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))} />
      </Section>
      <Section title={plural(baseline.history.length, 'revision')} flush>
        <RevisionTable revisions={baseline.history} />
      </Section>
      {isPromoting && (
        <PromoteDialog
          name={baseline.name}
          judgedOn={judgedOn(evaluation)}
          policy={policyFormOf(baseline)}
          target={{
            judge: evaluation.judge.ref,
            evaluationSetKey: evaluationSet?.key,
            datasetKey: evaluationSet ? undefined : dataset?.key,
            split: evaluationSet ? undefined : (evaluation.split ?? undefined),
          }}
          onClose={() => setPromoting(false)}
          onDone={() => {
            setPromoting(false);
            refetch();
          }}
        />
      )}
    </Page>
  );
}
