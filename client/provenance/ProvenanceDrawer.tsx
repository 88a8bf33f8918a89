import '@mantine/core/styles/Drawer.css';
import { Button, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core';
import type { ProvenanceStepKind } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { factText } from './factText.ts';
import css from './ProvenanceDrawer.module.css';

const ProvenanceDrawer_Query = graphql(`
  query ProvenanceDrawer_Query($id: ID!) {
    provenance(of: $id) {
      of
      sha256
      document
      chain {
        kind
        title
        id
        digest
        facts {
          name
          value
        }
      }
    }
  }
`);

const LOOK: Record<ProvenanceStepKind, { word: string; icon: IconName }> = {
  EVALUATION: { word: 'Evaluation', icon: 'board' },
  PREDICTIONS: { word: 'Predictions', icon: 'questions' },
  WEIGHTS: { word: 'Weights', icon: 'download' },
  RUN: { word: 'Run', icon: 'runs' },
  DATASET: { word: 'Dataset', icon: 'datasets' },
  EVALUATION_SET: { word: 'Evaluation set', icon: 'questions' },
  TRACES: { word: 'Traces', icon: 'traces' },
  TRACE: { word: 'Trace', icon: 'traces' },
  SOURCE: { word: 'Source', icon: 'upload' },
};

/** Where something comes from, step by step with digests, and all of it as one document. */
export function ProvenanceDrawer(props: { id: string | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={props.id !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title="Where it comes from"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.id !== undefined && <Chain id={props.id} />}
    </Drawer>
  );
}

function Chain(props: { id: string }) {
  const { data, error, loading, refetch } = usePartQuery({
    query: ProvenanceDrawer_Query,
    variables: { id: props.id },
  });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const provenance = data?.provenance;
  if (!provenance) {
    return loading ? <LoadingRows /> : <Text size="sm">Nothing is known of this.</Text>;
  }
  const document = asJson(provenance.document);
  return (
    <Stack gap="md" data-testid="provenance">
      <Group gap="xs">
        <CopyButton value={document}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy as JSON'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <ol className={css.chain}>
        {provenance.chain.map((step, index) => (
          <li key={step.id ?? index} className={css.step} data-testid="provenance-step">
            <div className={css.kind}>
              <Icon name={LOOK[step.kind].icon} size={13} /> {LOOK[step.kind].word}
            </div>
            <div className={css.title}>{step.title}</div>
            {step.digest && (
              <div className={css.digest} title="sha256 of its content">
                {step.digest}
              </div>
            )}
            {step.facts.length > 0 && (
              <details className={css.facts}>
                <summary>What is known</summary>
                <Facts of={step.facts.map(({ name, value }) => [name, factText(value)] as const)} />
              </details>
            )}
          </li>
        ))}
      </ol>
      <details className={css.facts}>
        <summary>The whole document</summary>
        <Text size="xs" c="dimmed" my={6} style={{ overflowWrap: 'anywhere' }}>
          sha256 of its canonical form: <Mono>{provenance.sha256}</Mono>
        </Text>
        <Code label="provenance" maxHeight={360}>
          {document}
        </Code>
      </details>
    </Stack>
  );
}
