import { Grid, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { graphql } from '../gql/index.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { TraceActions } from './TraceActions.tsx';
import { TraceRail } from './TraceRail.tsx';
import { TraceText } from './TraceText.tsx';

const TracePage_Query = graphql(`
  query TracePage_Query($id: ID!) {
    trace(id: $id) {
      id
      prompt
      contentHash
      ...TraceText_Trace
      ...TraceRail_Trace
    }
  }
`);

export function TracePage() {
  const id = useParam('id');
  const navigate = useNavigate();
  const { data, loading } = usePageQuery({ query: TracePage_Query, variables: { id } });
  const trace = data?.trace;
  if (!trace) return loading ? <LoadingPage /> : <NotFound what="trace" back={paths.traces()} />;
  return (
    <Page
      source={TracePage_Query}
      title="Trace"
      description={<Mono title={trace.contentHash}>{trace.contentHash.slice(0, 24)}…</Mono>}
      actions={
        <TraceActions
          id={trace.id}
          prompt={trace.prompt}
          onDeleted={() => void navigate({ to: paths.traces(), replace: true })}
        />
      }
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <TraceText trace={trace} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <TraceRail trace={trace} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
