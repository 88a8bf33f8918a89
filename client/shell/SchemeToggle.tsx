import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../ui/Icon.tsx';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICON = { auto: 'system', light: 'sun', dark: 'moon' } as const;
const NAME = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = `Appearance: ${NAME[colorScheme]}. Switch to ${NAME[NEXT[colorScheme]]}`;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      data-testid="scheme-toggle"
      onClick={() => setColorScheme(NEXT[colorScheme])}
    >
      <Icon name={ICON[colorScheme]} />
    </ActionIcon>
  );
}
