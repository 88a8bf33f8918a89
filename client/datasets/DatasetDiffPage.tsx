import { ActionIcon } from '@mantine/core';
import { useUrlState } from '../lib/url.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { DatasetSelect } from './DatasetSelect.tsx';
import css from './DiffView.module.css';
import { DiffView } from './DiffView.tsx';

export function DatasetDiffPage() {
  const [url, setUrl] = useUrlState('from', 'to', 'kind');
  const { from, to } = url;
  return (
    <Page
      title="Compare datasets"
      description="Which items were added, removed, solved otherwise or moved to another side."
    >
      <Section>
        <div className={css.pick}>
          <DatasetSelect
            label="From"
            placeholder="The older one"
            value={from}
            onChange={(key) => setUrl({ from: key, kind: undefined })}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label="Swap the two"
            disabled={!from && !to}
            onClick={() => setUrl({ from: to, to: from, kind: undefined })}
          >
            <Icon name="swap" />
          </ActionIcon>
          <DatasetSelect
            label="To"
            placeholder="The newer one"
            value={to}
            onChange={(key) => setUrl({ to: key, kind: undefined })}
          />
        </div>
      </Section>
      {from && to ? (
        <DiffView from={from} to={to} />
      ) : (
        <Section>
          <EmptyState
            title="Choose two datasets"
            api={`{ datasetDiff(from: "math-v1", to: "math-v2") {
    addedCount removedCount changedCount movedCount sameCount } }`}
          >
            They need not share a name: a subset and its whole can be compared as well.
          </EmptyState>
        </Section>
      )}
    </Page>
  );
}
