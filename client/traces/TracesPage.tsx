import { Stack } from '@mantine/core';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { useSelection } from '../lib/useSelection.ts';
import { useMay } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Page } from '../ui/Page.tsx';
import { FacetPanel } from './FacetPanel.tsx';
import { FilterBar } from './FilterBar.tsx';
import { fileOf, type ImportFile } from './importFile.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { TraceListState } from './TraceListState.tsx';
import { TraceListStatus } from './TraceListStatus.tsx';
import { TracesActions } from './TracesActions.tsx';
import css from './TracesPage.module.css';
import { TraceTable } from './TraceTable.tsx';
import { sortedBy } from './traceSorting.ts';
import { useFileDrop } from './useFileDrop.ts';
import { TRACE_KEYS, useTraceKeys } from './useTraceKeys.ts';
import { useTraceList } from './useTraceList.ts';
import { useTraceView } from './useTraceView.ts';
import { useUpload } from './useUpload.ts';

const TracePeek = lazy(async () => ({ default: (await import('./TracePeek.tsx')).TracePeek }));
const ImportDialog = lazy(async () => ({
  default: (await import('./ImportDialog.tsx')).ImportDialog,
}));
const UngarDialog = lazy(async () => ({
  default: (await import('./UngarDialog.tsx')).UngarDialog,
}));
const KeysHelp = lazy(async () => ({ default: (await import('../ui/KeysHelp.tsx')).KeysHelp }));

const TracesPage_Facets = graphql(`
  query TracesPage_Facets($filter: TraceFilter) {
    traceFacets(filter: $filter) {
      sources {
        value
        count
      }
      tags {
        value
        count
      }
      versions {
        value
        count
      }
      steps {
        value
        count
      }
      counted
      exact
    }
  }
`);

export function TracesPage() {
  const view = useTraceView();
  const { url, filter, sorting, peek } = view;
  const router = useRouter();
  const navigate = useNavigate();
  const list = useTraceList(filter, sorting);
  const [{ data }, execute] = useQuery({ query: TracesPage_Facets, variables: { filter } });
  const { ids: selected, select, clear } = useSelection();
  const [dropped, setDropped] = useState<ImportFile>();
  const [dialog, setDialog] = useState<'ungar' | 'keys'>();
  const search = useRef<HTMLInputElement>(null);
  const { state: upload } = useUpload();
  const ids = [...selected];
  const [a, b] = ids;
  const compare =
    ids.length === 2 && a && b ? () => router.history.push(paths.compareTraces(a, b)) : undefined;

  function changed() {
    list.list.refresh();
    execute({ requestPolicy: 'network-only' });
  }
  const onChanged = useRef(changed);
  useEffect(() => {
    onChanged.current = changed;
  });
  // An import is no GraphQL operation of this page: the lists cannot know by themselves.
  useEffect(() => {
    if (upload.kind === 'ended') onChanged.current();
  }, [upload.kind]);

  const isIndexing = (list.facts?.pendingSearch ?? 0) > 0;
  const wasIndexing = useRef(false);
  useEffect(() => {
    if (wasIndexing.current && !isIndexing) execute({ requestPolicy: 'network-only' });
    wasIndexing.current = isIndexing;
  }, [isIndexing, execute]);

  function deleted(id: string) {
    list.list.remove(id);
    select([id], false);
    if (peek === id) view.setPeek(undefined);
  }

  const keys = useTraceKeys(list.rows, peek, {
    peek: view.setPeek,
    open: (id) => void navigate({ to: paths.trace(id) }),
    toggle: (id) => select([id], !selected.has(id)),
    compare,
    search: () => search.current?.focus(),
    help: () => setDialog('keys'),
    clear: clear,
  });
  const mayImport = useMay('TRACES_WRITE');
  const isOver = useFileDrop((file) => {
    if (!mayImport) return;
    setDropped(fileOf(file));
    view.setImporting(true);
  });

  const facets = data?.traceFacets;
  return (
    <Page
      title="Traces"
      description="Recorded solutions: prompt, ordered steps, final answer. Each is stored once and never changes."
      actions={
        <TracesActions
          url={url}
          upload={upload}
          onImport={() => view.setImporting(true)}
          onGenerate={() => setDialog('ungar')}
          onHelp={() => setDialog('keys')}
        />
      }
    >
      <Stack gap="xs">
        <FilterBar
          url={url}
          onChange={view.setFilter}
          facets={facets}
          sorting={sorting}
          onSort={(by) => view.setSorting({ by, direction: 'DESC' })}
          inputRef={search}
        />
        <div className={css.split}>
          <aside className={css.side} aria-label="Filters">
            <FacetPanel facets={facets} url={url} onChange={view.setFilter} />
          </aside>
          <div>
            <TraceListStatus
              view={list}
              hasText={filter.text !== undefined}
              onReload={list.list.reload}
            />
            <div className={css.list} aria-busy={list.isLoading}>
              {list.rows.length > 0 && (
                <TraceTable
                  rows={list.rows}
                  total={list.total ?? list.rows.length}
                  isLoading={list.isLoading}
                  sorting={sorting}
                  onSort={(by) => view.setSorting(sortedBy(sorting, by))}
                  selected={selected}
                  onSelect={select}
                  active={keys.active}
                  onPeek={({ id }) => {
                    keys.setActive(id);
                    view.setPeek(id);
                  }}
                  onNearEnd={list.more}
                />
              )}
              <TraceListState
                view={list}
                isFiltered={Object.keys(filter).length > 0}
                onRetry={list.list.retry}
                onClear={() => view.setFilter({})}
                onImport={() => view.setImporting(true)}
              />
            </div>
            <SelectionBar
              ids={ids}
              onCompare={compare}
              onTagged={(traces) => {
                list.list.patch(traces);
                execute({ requestPolicy: 'network-only' });
              }}
              onDeleted={deleted}
              onClear={clear}
            />
          </div>
        </div>
      </Stack>
      {isOver && mayImport && !view.isImporting && (
        <div className={css.drop}>
          <div>Drop the file to import it</div>
        </div>
      )}
      <Suspense>
        {peek && (
          <TracePeek
            id={peek}
            onClose={() => view.setPeek(undefined)}
            onMove={keys.active === undefined ? undefined : keys.move}
            onTagged={list.list.patch}
            onDeleted={deleted}
          />
        )}
        {view.isImporting && mayImport && (
          <ImportDialog
            file={dropped}
            onClose={() => {
              setDropped(undefined);
              view.setImporting(false);
            }}
          />
        )}
        {dialog === 'ungar' && (
          <UngarDialog onStored={changed} onClose={() => setDialog(undefined)} />
        )}
        {dialog === 'keys' && <KeysHelp keys={TRACE_KEYS} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </Page>
  );
}
