import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { MayPage } from '../lib/MayPage.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { NewRunForm } from './NewRunForm.tsx';
import { emptyRunForm, fromConfig, type RunForm } from './runForm.ts';

const NewRunPage_Query = graphql(`
  query NewRunPage_Query($from: Int!, $hasFrom: Boolean!) {
    run(number: $from) @include(if: $hasFrom) {
      id
      number
      name
      modelId
      mode
      config
      timeoutSeconds
      priority
      maxAttempts
      requiredLabels
      retryOnFailure
      dataset {
        id
        key
      }
      evaluationSet {
        id
        key
      }
    }
    datasets(first: 100) {
      edges {
        node {
          id
          key
          itemCount
        }
      }
    }
    evaluationSets(first: 100) {
      edges {
        node {
          id
          key
          itemCount
        }
      }
    }
    runners {
      id
      labels
    }
    models {
      id
      family
      description
      builtIn
    }
  }
`);

export function NewRunPage() {
  return (
    <MayPage scope="RUNS_WRITE" title="New run">
      <NewRun />
    </MayPage>
  );
}

function NewRun() {
  const [url] = useUrlState('dataset', 'set', 'from');
  const from = /^\d{1,9}$/.test(url.from ?? '') ? Number(url.from) : undefined;
  const { data, loading } = usePageQuery({
    query: NewRunPage_Query,
    variables: { from: from ?? 0, hasFrom: from !== undefined },
  });
  // The form takes its first values once, so it waits for them.
  if (!data || (loading && from !== undefined && !data.run)) return <LoadingPage />;
  const parent = data.run;
  if (url.from && !parent) return <NotFound what="run" back={paths.newRun()} />;
  const datasets = data.datasets.edges.map(({ node }) => node);
  const initial: RunForm = {
    ...emptyRunForm,
    datasetKey: datasets[0]?.key ?? '',
    modelId: data.models[0]?.id ?? '',
    ...(parent && {
      ...fromConfig(parent.config),
      name: parent.name ?? '',
      datasetKey: parent.dataset?.key ?? '',
      evaluationSetKey: parent.evaluationSet?.key ?? '',
      modelId: parent.modelId,
      // What was trained elsewhere is trained here when it is cloned.
      mode: parent.mode === 'DRY_RUN' ? 'DRY_RUN' : 'LOCAL',
      timeoutSeconds: String(parent.timeoutSeconds),
      priority: String(parent.priority),
      maxAttempts: String(parent.maxAttempts),
      requiredLabels: parent.requiredLabels,
      retryOnFailure: parent.retryOnFailure,
    }),
    ...(url.dataset && { datasetKey: url.dataset }),
    ...(url.set && { evaluationSetKey: url.set }),
  };
  return (
    <Page
      title={parent ? `New run, from #${parent.number}` : 'New run'}
      description="Checked as you type; the preview is what will run."
    >
      {datasets.length === 0 ? (
        <Section>
          <EmptyState
            title="There is no dataset to train on"
            action={
              <May scope="DATASETS_WRITE">
                <Button component={Link} to={paths.newDataset()}>
                  Build a dataset
                </Button>
              </May>
            }
          >
            A run needs an immutable dataset version built from your traces.
          </EmptyState>
        </Section>
      ) : (
        <NewRunForm
          key={url.from}
          initial={initial}
          datasets={datasets}
          evaluationSets={data.evaluationSets.edges.map(({ node }) => node)}
          models={data.models}
          labels={[...new Set(data.runners.flatMap(({ labels }) => labels))].sort()}
          parent={parent ?? undefined}
          advanced={parent !== undefined && parent !== null}
        />
      )}
    </Page>
  );
}
