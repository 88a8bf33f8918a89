import { Button, MultiSelect, Popover, Select, Stack, TextInput } from '@mantine/core';
import type { Ref } from 'react';
import type { RunSort, RunStatus } from '../gql/graphql.ts';
import { type Condition, joinList } from '../lib/filterWords.ts';
import { oneOf } from '../lib/url.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { modeLabel } from '../runs/modes.ts';
import { statusLabel } from '../runs/RunStatusBadge.tsx';
import { FilterTokens } from '../ui/FilterTokens.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type KnownValues, QueryBox } from '../ui/QueryBox.tsx';
import { failureLabel } from './failures.ts';
import css from './RunsPage.module.css';
import {
  CONDITION_NAMES,
  FAILURES,
  MODES,
  type RunFilterKey,
  type RunFilterUrl,
  runWords,
  SORT_NAMES,
  SORTS,
  STATUSES,
  toRunFilter,
} from './runFilter.ts';

const written = (value: string) => value.toLowerCase().replaceAll('_', '-');
const word = (value: string) => ({ value: written(value) });

/** Words of the program as they are typed, names as they are. */
const shown = ({ key, value }: Condition<RunFilterKey>) =>
  ['status', 'mode', 'failure'].includes(key) ? written(value) : value;

/** The choices that are words of the program; names of datasets and models are the caller's. */
const KNOWN: KnownValues = {
  status: STATUSES.map(word),
  mode: MODES.map(word),
  failure: FAILURES.map(word),
  archived: [{ value: 'yes' }],
};

type Change = (next: RunFilterUrl, step?: boolean) => void;

function FilterForm(props: { url: RunFilterUrl; onChange: Change }) {
  const { url, onChange } = props;
  const filter = toRunFilter(url);
  const set = (key: RunFilterKey | 'text', value: string | null | undefined) =>
    onChange({ ...url, [key]: value || undefined });
  const dataset = useTextFilter(url.dataset, (text) => set('dataset', text));
  const model = useTextFilter(url.model, (text) => set('model', text));
  const label = useTextFilter(url.label, (text) => set('label', text));
  const within = { comboboxProps: { withinPortal: false }, size: 'xs', clearable: true } as const;
  return (
    <Stack gap="xs" data-testid="run-filter-form">
      <MultiSelect
        {...within}
        label="Status"
        placeholder={url.status ? undefined : 'any'}
        data={STATUSES.map((value) => ({ value, label: statusLabel(value) }))}
        value={filter.status ?? []}
        onChange={(values: readonly RunStatus[]) => set('status', joinList(values))}
      />
      <TextInput size="xs" label="Dataset" placeholder="name-version" {...dataset} />
      <TextInput size="xs" label="Model" placeholder="any" {...model} />
      <Select
        {...within}
        label="Mode"
        placeholder="any"
        data={MODES.map((value) => ({ value, label: modeLabel(value) }))}
        value={filter.mode ?? null}
        onChange={(value) => set('mode', value)}
      />
      <TextInput size="xs" label="Needs a runner with" placeholder="label" {...label} />
      <Select
        {...within}
        label="Failed by"
        placeholder="any"
        searchable
        data={FAILURES.map((value) => ({ value, label: failureLabel(value) }))}
        value={filter.failureCode ?? null}
        onChange={(value) => set('failure', value)}
      />
      <Select
        {...within}
        label="Archived"
        placeholder="without them"
        data={[{ value: 'yes', label: 'only archived runs' }]}
        value={filter.archived ? 'yes' : null}
        onChange={(value) => set('archived', value)}
      />
    </Stack>
  );
}

/** Search box with tokens, a form for those who do not write them, the order, and what is in force. */
export function RunFilterBar(props: {
  url: RunFilterUrl;
  onChange: Change;
  sort: RunSort;
  onSort: (sort: RunSort) => void;
  known: KnownValues;
  inputRef: Ref<HTMLInputElement>;
  isFormOpen: boolean;
  onForm: (open: boolean) => void;
}) {
  const { url, onChange, isFormOpen, onForm } = props;
  const count = runWords.conditionsOf(url).length;
  return (
    <>
      <div className={css.bar}>
        <div className={css.search}>
          <QueryBox
            words={runWords}
            url={url}
            onChange={onChange}
            known={{ ...KNOWN, ...props.known }}
            label="Search runs"
            placeholder="Number or name, or status:failed…"
            testId="run-search"
            inputRef={props.inputRef}
          />
        </div>
        <Select
          aria-label="Sort by"
          w={136}
          allowDeselect={false}
          data={SORTS.map((value) => ({ value, label: SORT_NAMES[value] }))}
          value={props.sort}
          onChange={(value) => {
            const sort = oneOf(SORTS, value ?? undefined);
            if (sort) props.onSort(sort);
          }}
        />
        <Popover
          opened={isFormOpen}
          onChange={onForm}
          width={280}
          position="bottom-end"
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <Button
              variant="default"
              leftSection={<Icon name="filter" size={14} />}
              onClick={() => onForm(!isFormOpen)}
              data-testid="open-run-filters"
            >
              Filters{count > 0 && ` (${count})`}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <FilterForm url={url} onChange={onChange} />
          </Popover.Dropdown>
        </Popover>
      </div>
      <FilterTokens
        words={runWords}
        names={CONDITION_NAMES}
        shown={shown}
        url={url}
        onChange={onChange}
      />
    </>
  );
}
