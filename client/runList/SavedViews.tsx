import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useDidUpdate } from '@mantine/hooks';
import { type SyntheticEvent, useRef, useState } from 'react';
import { isFocusLost } from '../lib/useFocusBack.ts';
import { Icon } from '../ui/Icon.tsx';
import css from './RunsPage.module.css';
import { type RunFilterUrl, runWords } from './runFilter.ts';
import {
  BUILT_IN,
  isShown,
  readViews,
  type SavedView,
  storeViews,
  withView,
} from './savedViews.ts';

/** Named filters as chips: those that everybody needs, and those that were kept in this browser. */
export function SavedViews(props: {
  url: RunFilterUrl;
  sort: string | undefined;
  onShow: (view: SavedView) => void;
}) {
  const { url, sort, onShow } = props;
  const [views, setViews] = useState(readViews);
  const [name, setName] = useState<string>();
  const toolbar = useRef<HTMLDivElement>(null);
  const keep = (next: SavedView[]) => {
    setViews(next);
    storeViews(next);
  };
  // The button that kept a view goes, and so does the one that forgot it.
  useDidUpdate(() => {
    if (!isFocusLost()) return;
    [...(toolbar.current?.querySelectorAll<HTMLElement>('[aria-pressed]') ?? [])].at(-1)?.focus();
  }, [views]);
  const isKnown = [...BUILT_IN, ...views].some((view) => isShown(view, url, sort));
  const isWorthKeeping = !isKnown && (runWords.conditionsOf(url).length > 0 || Boolean(url.text));

  function save(event: SyntheticEvent) {
    event.preventDefault();
    if (!name?.trim()) return;
    keep(withView(views, { name, url, sort }));
    setName(undefined);
  }

  return (
    <div ref={toolbar} className={css.views} role="toolbar" aria-label="Views" data-testid="views">
      {[...BUILT_IN, ...views].map((view, index) => (
        <span key={`${index} ${view.name}`} className={css.view}>
          <button
            type="button"
            className={css.chip}
            aria-pressed={isShown(view, url, sort)}
            onClick={() => onShow(view)}
          >
            {view.name}
          </button>
          {index >= BUILT_IN.length && (
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => keep(views.filter((known) => known !== view))}
            >
              <Icon name="cross" size={10} />
            </ActionIcon>
          )}
        </span>
      ))}
      {isWorthKeeping && (
        <Popover
          opened={name !== undefined}
          onChange={(opened) => !opened && setName(undefined)}
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<Icon name="plus" size={12} />}
              onClick={() => setName(name === undefined ? '' : undefined)}
              data-testid="keep-view"
            >
              Keep this view
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <form onSubmit={save} className={css.keep}>
              <TextInput
                size="xs"
                aria-label="Name of the view"
                placeholder="Name"
                maxLength={40}
                data-autofocus
                value={name ?? ''}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="xs" disabled={!name?.trim()}>
                Keep
              </Button>
            </form>
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
