import { Button, Group, Select, TextInput } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { TraceFilter } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import { TRACE_COLUMNS, TraceRows } from './TraceRows.tsx';

const ImportDialog = lazy(async () => ({
  default: (await import('./ImportDialog.tsx')).ImportDialog,
}));

const TracesPage_Query = graphql(`
  query TracesPage_Query {
    traceSources
  }
`);

export function TracesPage() {
  const [url, setUrl] = useUrlState('source', 'tag', 'text', 'import');
  const { data, refetch } = usePageQuery({ query: TracesPage_Query });
  const [imports, setImports] = useState(0);
  const text = useTextFilter(url.text, (value) => setUrl({ text: value }));
  const tag = useTextFilter(url.tag, (value) => setUrl({ tag: value }));
  const filter: TraceFilter = { source: url.source, tag: url.tag, text: url.text };
  const { pages, more } = usePages(JSON.stringify(filter));
  const sources = [
    ...new Set([...(data?.traceSources ?? []), ...(url.source ? [url.source] : [])]),
  ];
  return (
    <Page
      title="Traces"
      description="Recorded solutions: prompt, ordered steps, final answer. Each is stored once and never changes."
      actions={
        <>
          <Button
            component={Link}
            to={paths.newDataset({ source: url.source, tag: url.tag })}
            variant="default"
          >
            Build a dataset
          </Button>
          <Button
            leftSection={<Icon name="upload" />}
            onClick={() => setUrl({ import: 'open' })}
            data-testid="open-import"
          >
            Import
          </Button>
        </>
      }
    >
      <Group gap="sm">
        <TextInput
          aria-label="Search the beginnings of prompts and answers"
          placeholder="Search prompts and answers"
          leftSection={<Icon name="search" size={14} />}
          flex="1 1 220px"
          maw={380}
          {...text}
        />
        <Select
          aria-label="Source"
          placeholder="Any source"
          clearable
          searchable
          w={190}
          data={sources}
          value={url.source ?? null}
          onChange={(value) => setUrl({ source: value })}
        />
        <TextInput aria-label="Tag" placeholder="Tag" w={140} {...tag} />
      </Group>
      <Section flush>
        <Table caption="Traces" columns={TRACE_COLUMNS} testId="traces-table">
          <TraceRows key={imports} filter={filter} after={null} pages={pages} onMore={more} />
        </Table>
      </Section>
      {url.import && (
        <Suspense>
          <ImportDialog
            onClose={() => setUrl({ import: undefined })}
            onImported={() => {
              // The upload is not a GraphQL operation: the lists cannot know by themselves.
              refetch();
              setImports(imports + 1);
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}
