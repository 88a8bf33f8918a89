import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './ActionBar.module.css';

/** What can be done with the selected rows, at the lower edge of the window. */
export function ActionBar(props: {
  label: string;
  selected: string;
  onClear: () => void;
  children: ReactNode;
}) {
  return (
    <div className={css.bar} role="toolbar" aria-label={props.label} data-testid="selection-bar">
      <span className={css.count} role="status">
        {props.selected} selected
      </span>
      {props.children}
      <Button size="xs" variant="subtle" color="gray" onClick={props.onClear}>
        Clear
      </Button>
    </div>
  );
}
