import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { pressKey } from '../lib/useKeys.ts';
import { useViewer } from '../lib/viewer.ts';
import { Icon } from '../ui/Icon.tsx';
import { type Command, commandsFor } from './commands.ts';
import { useCancelRun } from './useCancelRun.ts';
import { useFound } from './useFound.ts';

const GROUPS = ['Found', 'Do', 'Go to', 'Read'] as const;

/** Everything by its name: objects of the server, pages, actions, places to read. */
export function Palette(props: { opening: number }) {
  const router = useRouter();
  const viewer = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const cancel = useCancelRun();
  const [query, setQuery] = useState('');
  const asksForKeys = useRef(false);
  const { commands: found, loading } = useFound(query);
  useEffect(() => {
    if (props.opening > 0) spotlight.open();
  }, [props.opening]);
  const isDark =
    colorScheme === 'dark' ||
    (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const run = (command: Command) => {
    if ('to' in command) return router.history.push(command.to);
    if ('href' in command) return void window.open(command.href, '_blank');
    if ('cancel' in command) return void cancel(command.cancel);
    if (command.run === 'scheme') return setColorScheme(isDark ? 'light' : 'dark');
    asksForKeys.current = true;
  };
  const known = commandsFor(query, (scope) => viewer?.scopes.has(scope) ?? true);
  const all = [...known, ...found];
  const actions = GROUPS.map(
    (group): SpotlightActionGroupData => ({
      group,
      actions: all
        .filter((command) => command.group === group)
        .map((command) => ({
          id: command.id,
          label: command.label,
          description: command.description,
          leftSection: <Icon name={command.icon} />,
          onClick: () => run(command),
        })),
    }),
  ).filter((group) => group.actions.length > 0);
  return (
    <Spotlight
      actions={actions}
      // What is offered has been chosen already.
      filter={(_query, offered) => offered}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      // Not before it has given the focus back, which what opens now will give back in its turn.
      onExitTransitionEnd={() => {
        if (asksForKeys.current) pressKey('?');
        asksForKeys.current = false;
      }}
      scrollable
      maxHeight={420}
      nothingFound={loading ? 'Looking …' : 'Nothing found'}
      closeOnClickOutside
      attributes={{ content: { 'aria-label': 'Search everything' } }}
      searchProps={{
        leftSection: <Icon name="search" />,
        placeholder: 'Run 142, a dataset, a prompt, a page, an action',
        'aria-label': 'Search everything',
      }}
    />
  );
}
