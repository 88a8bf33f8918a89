import '@mantine/core/styles/Drawer.css';
import { Drawer, Stack } from '@mantine/core';
import type { FilterUrl } from '../lib/traceFilter.ts';
import { useFocusBack } from '../lib/useFocusBack.ts';
import { FacetPanel, type TraceFacets } from './FacetPanel.tsx';
import { FilterForm } from './FilterForm.tsx';

/** All filters of a narrow screen. */
export function FilterDrawer(props: {
  facets: TraceFacets | undefined;
  url: FilterUrl;
  onChange: (next: FilterUrl) => void;
  onClose: () => void;
}) {
  useFocusBack();
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      title="Filters"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="lg">
        <FilterForm
          url={props.url}
          onApply={(next) => {
            props.onChange(next);
            props.onClose();
          }}
        />
        <FacetPanel facets={props.facets} url={props.url} onChange={props.onChange} />
      </Stack>
    </Drawer>
  );
}
