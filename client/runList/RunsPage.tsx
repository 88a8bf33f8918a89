import { Button, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { useUrlState } from '../lib/url.ts';
import { useKeys } from '../lib/useKeys.ts';
import { useRowCursor } from '../lib/useRowCursor.ts';
import { useSelection } from '../lib/useSelection.ts';
import { useMay } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { Page } from '../ui/Page.tsx';
import { RunFilterBar } from './RunFilterBar.tsx';
import { RunListState } from './RunListState.tsx';
import css from './RunsPage.module.css';
import { RunTable } from './RunTable.tsx';
import {
  RUN_FILTER_KEYS,
  type RunFilterUrl,
  sortWord,
  toRunFilter,
  toRunSort,
} from './runFilter.ts';
import { SavedViews } from './SavedViews.tsx';
import { type Opened, SelectedRuns } from './SelectedRuns.tsx';
import { useRunList } from './useRunList.ts';

const KeysHelp = lazy(async () => ({ default: (await import('../ui/KeysHelp.tsx')).KeysHelp }));

const RunsPage_Query = graphql(`
  query RunsPage_Query {
    datasets(first: 100) {
      edges {
        node {
          id
          key
        }
      }
    }
    models {
      id
    }
  }
`);

const KEYS = [
  ['J K', 'next and previous run'],
  ['Enter', 'open the run'],
  ['X', 'select'],
  ['C', 'compare the selected'],
  ['R', 'retry the selected, or the current one'],
  ['/', 'search'],
  ['F', 'filter'],
  ['Esc', 'clear the selection'],
  ['?', 'this list'],
] as const;

/** How many runs fit into one comparison. */
const FEWEST = 2;
const MOST = 10;

const BLANK = Object.fromEntries(RUN_FILTER_KEYS.map((key) => [key, undefined]));

export function RunsPage() {
  const [{ sort: sortUrl, ...url }, setUrl] = useUrlState(...RUN_FILTER_KEYS, 'sort');
  const words = JSON.stringify(url);
  // The same words are the same filter, so that nothing is asked twice.
  const filter = useMemo(() => toRunFilter(JSON.parse(words) as RunFilterUrl), [words]);
  const sort = toRunSort(sortUrl);
  const view = useRunList(filter, sort);
  const { list, rows } = view;
  const [{ data }] = useQuery({ query: RunsPage_Query });
  const { ids: selected, select, clear } = useSelection();
  const [dialog, setDialog] = useState<Opened>();
  const [isFormOpen, setFormOpen] = useState(false);
  const [isHelping, setHelping] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const cursor = useRowCursor(rows);
  const chosen = rows.filter(({ id }) => selected.has(id));
  const canCompare = chosen.length >= FEWEST && chosen.length <= MOST;
  const compare = () => router.history.push(paths.compareRuns(chosen.map((run) => run.number)));
  const byId = (id: string) => rows.filter((row) => row.id === id);

  const mayRun = useMay('RUNS_WRITE');
  const setFilter = (next: RunFilterUrl, step = true) => setUrl({ ...BLANK, ...next }, step);

  useKeys({
    j: () => cursor.move(1),
    k: () => cursor.move(-1),
    Enter: cursor.onCurrent((id) => {
      const [run] = byId(id);
      if (run) router.history.push(paths.run(run.number));
    }),
    x: cursor.onCurrent((id) => select([id], !selected.has(id))),
    ...(canCompare && { c: compare }),
    r: () => {
      if (!mayRun) return;
      if (chosen.length > 0) setDialog({ action: 'retry', runs: chosen });
      else cursor.onCurrent((id) => setDialog({ action: 'retry', runs: byId(id) }))();
    },
    '/': () => search.current?.focus(),
    f: () => setFormOpen(true),
    '?': () => setHelping(true),
    Escape: clear,
  });

  return (
    <Page
      title="Runs"
      description="What was trained, what trains now and what waits. States and progress are live."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon name="key" size={14} />}
            onClick={() => setHelping(true)}
          >
            Keys
          </Button>
          <May scope="RUNS_WRITE">
            <Button component={Link} to={paths.newRun()} leftSection={<Icon name="plus" />}>
              New run
            </Button>
          </May>
        </>
      }
    >
      <Stack gap="xs">
        <SavedViews
          url={url}
          sort={sortWord(sort)}
          onShow={(kept) => setUrl({ ...BLANK, ...kept.url, sort: kept.sort }, true)}
        />
        <RunFilterBar
          url={url}
          onChange={setFilter}
          sort={sort}
          onSort={(by) => setUrl({ sort: sortWord(by) }, true)}
          known={{
            dataset: data?.datasets.edges.map(({ node }) => ({ value: node.key })),
            model: data?.models.map(({ id }) => ({ value: id })),
          }}
          inputRef={search}
          isFormOpen={isFormOpen}
          onForm={setFormOpen}
        />
        <div className={css.status} role="status">
          {view.total !== undefined && <span data-testid="total">{plural(view.total, 'run')}</span>}
          {(view.newCount > 0 || view.isOutdated) && (
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<Icon name="up" size={12} />}
              loading={view.isLoading}
              onClick={view.showNew}
              data-testid="show-new"
            >
              {view.newCount > 0 ? `${formatCount(view.newCount)} new` : 'Read again'}
            </Button>
          )}
        </div>
        <div className={css.list} aria-busy={view.isLoading}>
          {rows.length > 0 && (
            <RunTable
              rows={rows}
              total={view.total ?? rows.length}
              isLoading={view.isLoading}
              selected={selected}
              onSelect={select}
              active={cursor.active}
              onActive={cursor.setActive}
              onNearEnd={view.more}
            />
          )}
          <RunListState
            view={view}
            isFiltered={Object.keys(filter).length > 0}
            onRetry={list.retry}
            onClear={() => setFilter({})}
          />
        </div>
        <SelectedRuns
          runs={chosen}
          onCompare={canCompare ? compare : undefined}
          opened={dialog}
          onOpen={setDialog}
          onGone={(ids) => {
            for (const id of ids) list.remove(id);
            select(ids, false);
          }}
          onClear={clear}
        />
      </Stack>
      <Suspense>{isHelping && <KeysHelp keys={KEYS} onClose={() => setHelping(false)} />}</Suspense>
    </Page>
  );
}
