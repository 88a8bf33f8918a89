import { scheme, useScheme } from '../lib/scheme.ts';
import { IconButton } from '../ui/IconButton.tsx';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICON = { auto: 'system', light: 'sun', dark: 'moon' } as const;
const NAME = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function SchemeToggle() {
  const chosen = useScheme();
  const next = NEXT[chosen];
  return (
    <IconButton
      icon={ICON[chosen]}
      label={`Appearance: ${NAME[chosen]}. Switch to ${NAME[next]}`}
      data-testid="scheme-toggle"
      onClick={() => scheme.choose(next)}
    />
  );
}
