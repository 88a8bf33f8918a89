import { Button, Stack } from '@mantine/core';
import { serverPaths } from '../paths.ts';
import { Code } from '../ui/Code.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import css from './ApiPage.module.css';

const FOLLOW = `# Everything this page shows comes from one endpoint: POST /graphql,
# subscriptions over the same URL (graphql-transport-ws or SSE).
subscription {
  runsChanged { run { number status progress { step totalSteps percent } } }
}`;

export function ApiPage() {
  return (
    <Page
      title="API"
      description="One GraphQL endpoint for the UI, notebooks and the command line."
      actions={
        <Button component="a" href={serverPaths.graphql()} target="_blank" variant="default">
          Open GraphiQL in a new tab
        </Button>
      }
    >
      <Stack gap="lg">
        <Code label="GraphQL example">{FOLLOW}</Code>
        <Section title="GraphiQL" flush>
          <iframe className={css.frame} src={serverPaths.graphql()} title="GraphiQL" />
        </Section>
      </Stack>
    </Page>
  );
}
