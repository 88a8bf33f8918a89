import { Button, Popover, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, type Ref, Suspense } from 'react';
import type { TraceSort } from '../gql/graphql.ts';
import { type FilterUrl, traceWords } from '../lib/traceFilter.ts';
import { oneOf } from '../lib/url.ts';
import { Icon } from '../ui/Icon.tsx';
import type { TraceFacets } from './FacetPanel.tsx';
import { FilterForm } from './FilterForm.tsx';
import { TraceFilterTokens, TraceQueryBox } from './TraceFilterParts.tsx';
import css from './TracesPage.module.css';
import { SORT_NAMES, type TraceSorting } from './traceSorting.ts';

const FilterDrawer = lazy(async () => ({
  default: (await import('./FilterDrawer.tsx')).FilterDrawer,
}));

const SORTS = Object.keys(SORT_NAMES) as TraceSort[];

/** Search box, sorting and the conditions in force. */
export function FilterBar(props: {
  url: FilterUrl;
  onChange: (next: FilterUrl, step?: boolean) => void;
  facets: TraceFacets | undefined;
  sorting: TraceSorting;
  onSort: (by: TraceSort) => void;
  inputRef: Ref<HTMLInputElement>;
}) {
  const { url, onChange, facets } = props;
  const [form, { close: closeForm, toggle: toggleForm }] = useDisclosure(false);
  const [drawer, { close: closeDrawer, open: openDrawer }] = useDisclosure(false);
  const sorts = SORTS.filter((sort) => sort !== 'RELEVANCE' || url.text !== undefined);
  const count = traceWords.conditionsOf(url).length;
  return (
    <>
      <div className={css.bar}>
        <div className={css.search}>
          <TraceQueryBox url={url} onChange={onChange} facets={facets} inputRef={props.inputRef} />
        </div>
        <Select
          aria-label="Sort by"
          w={148}
          allowDeselect={false}
          data={sorts.map((value) => ({ value, label: SORT_NAMES[value] }))}
          value={props.sorting.by}
          onChange={(value) => {
            const by = oneOf(SORTS, value ?? undefined);
            if (by && by !== props.sorting.by) props.onSort(by);
          }}
        />
        <div className={css.wide}>
          <Popover
            opened={form}
            onChange={(opened) => !opened && closeForm()}
            width={400}
            position="bottom-end"
            trapFocus
            returnFocus
          >
            <Popover.Target>
              <Button
                variant="default"
                leftSection={<Icon name="filter" size={14} />}
                onClick={toggleForm}
                data-testid="open-filters"
              >
                More filters
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <FilterForm
                url={url}
                onApply={(next) => {
                  onChange(next);
                  closeForm();
                }}
              />
            </Popover.Dropdown>
          </Popover>
        </div>
        <div className={css.narrow}>
          <Button
            variant="default"
            leftSection={<Icon name="filter" size={14} />}
            onClick={openDrawer}
            data-testid="open-filter-drawer"
          >
            Filters{count > 0 && ` (${count})`}
          </Button>
        </div>
      </div>
      <TraceFilterTokens url={url} onChange={onChange} />
      {drawer && (
        <Suspense>
          <FilterDrawer facets={facets} url={url} onChange={onChange} onClose={closeDrawer} />
        </Suspense>
      )}
    </>
  );
}
