import { Button } from '@mantine/core';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { Link } from '../lib/Link.tsx';
import { reloadPage } from '../lib/reloadPage.ts';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Comparison } from './Comparison.tsx';
import { parseNumbers } from './overlay.ts';
import { useRunIds } from './useRunIds.ts';

const API = `query {
  compareRuns(ids: ["…", "…"]) {
    ... on RunComparison { differences { path values } }
  }
}`;

/** Two to ten runs side by side, by their numbers: `/runs/compare?r=142&r=145`. */
export function CompareRunsPage() {
  const [url] = useUrlState('r');
  const numbers = parseNumbers(url.r);
  const found = useRunIds(numbers);
  const title =
    numbers.length > 0 ? `Compare runs ${numbers.map((n) => `#${n}`).join(', ')}` : 'Compare runs';
  const missing = found?.missing ?? [];
  return (
    <Page
      title={title}
      heading="Compare runs"
      description="Curves on one axis, what was set differently, and what came of it."
    >
      {numbers.length > 0 && !found && <LoadingPage />}
      {found?.error !== undefined && <ErrorNotice error={found.error} onRetry={reloadPage} />}
      {found && !found.error && missing.length > 0 && (
        <Notice tone="warn" testId="missing-runs">
          There is no run {missing.map((number) => `#${number}`).join(', ')}.
        </Notice>
      )}
      {found && found.ids.length >= 2 && <Comparison ids={found.ids} />}
      {(numbers.length === 0 || (found && !found.error && found.ids.length < 2)) && (
        <Section>
          <EmptyState
            title="Choose two to ten runs"
            action={
              <Button component={Link} to={paths.runs()}>
                Go to runs
              </Button>
            }
            api={API}
          >
            Select them in the list of runs and press C.
          </EmptyState>
        </Section>
      )}
    </Page>
  );
}
