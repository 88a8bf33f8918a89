import { ActionIcon, Group, Text, TextInput } from '@mantine/core';
import { type RefObject, useEffect, useRef } from 'react';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { Icon } from '../ui/Icon.tsx';
import css from './LogBar.module.css';
import type { LogSearch } from './useLogSearch.ts';

/** Looks through all lines, loaded or not. Enter goes on, with shift back. */
export function LogSearchBox(props: {
  text: string | undefined;
  isCaseSensitive: boolean;
  search: LogSearch;
  box: RefObject<HTMLInputElement | null>;
  onText: (text: string) => void;
  onCase: (isCaseSensitive: boolean) => void;
}) {
  const { search, isCaseSensitive } = props;
  const filter = useTextFilter(props.text, props.onText);
  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  });
  return (
    <Group gap={4} wrap="nowrap" className={css.search}>
      <TextInput
        ref={props.box}
        size="xs"
        flex={1}
        type="search"
        aria-label="Search all lines"
        placeholder="Search all lines"
        leftSection={<Icon name="search" size={13} />}
        rightSection={
          <ActionIcon
            variant={isCaseSensitive ? 'light' : 'subtle'}
            color={isCaseSensitive ? undefined : 'gray'}
            size="sm"
            aria-label="Match case"
            aria-pressed={isCaseSensitive}
            title="Match case"
            onClick={() => props.onCase(!isCaseSensitive)}
          >
            <span className={css.letters}>Aa</span>
          </ActionIcon>
        }
        {...filter}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key !== 'Enter') return;
          if (event.shiftKey) latest.current.previous();
          else latest.current.next();
        }}
      />
      {search.summary && (
        <>
          <Text size="xs" c={search.error ? 'red' : 'dimmed'} role="status" className={css.count}>
            <span data-testid="log-matches" title={search.error}>
              {search.error ? 'failed' : search.summary}
            </span>
          </Text>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label="Previous match"
            loading={search.isBusy}
            onClick={search.previous}
          >
            <Icon name="up" size={13} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label="Next match"
            disabled={search.isBusy}
            onClick={search.next}
          >
            <Icon name="down" size={13} />
          </ActionIcon>
        </>
      )}
    </Group>
  );
}
