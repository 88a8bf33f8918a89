import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { type Used, used } from '../lib/used.ts';
import { Icon } from './Icon.tsx';

const SourceMenu = lazy(async () => ({ default: (await import('./SourceMenu.tsx')).SourceMenu }));

/**
 * How to get what a panel shows by the API. Without `names` it is what the page asked; a panel with a
 * question of its own names its operations.
 */
export function SourceButton(props: { names?: readonly string[]; label?: string }) {
  const { names, label = 'This page by the API' } = props;
  const [operations, setOperations] = useState<readonly Used[]>();
  const open = () => {
    const all = used.ofPage(location.pathname);
    setOperations(names ? all.filter(({ name }) => names.includes(name)) : all);
  };
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={names ? 'sm' : 'lg'}
      aria-label={label}
      title={label}
      aria-haspopup="menu"
      onClick={() => (operations ? setOperations(undefined) : open())}
      data-testid="source"
    >
      <Icon name="api" size={names ? 14 : 16} />
    </ActionIcon>
  );
  if (!operations) return button;
  return (
    <Suspense fallback={button}>
      <SourceMenu
        operations={operations}
        opened
        onChange={(opened) => {
          if (!opened) setOperations(undefined);
        }}
      >
        {button}
      </SourceMenu>
    </Suspense>
  );
}
