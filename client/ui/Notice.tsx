import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { Ticked } from './Ticked.tsx';

const ICON = { bad: 'cross', warn: 'warn', info: 'info', good: 'check' } as const;

const worded = (text: ReactNode) => (typeof text === 'string' ? <Ticked text={text} /> : text);

export function Notice(props: {
  tone: keyof typeof ICON;
  title?: string;
  children?: ReactNode;
  testId?: string;
}) {
  const tone = `var(--rt-${props.tone})`;
  return (
    <Alert
      variant="default"
      title={worded(props.title)}
      icon={<Icon name={ICON[props.tone]} />}
      data-testid={props.testId}
      // Text in the tone's own colour is too pale on the tinted ground.
      styles={{
        root: {
          borderColor: `color-mix(in srgb, ${tone} 35%, transparent)`,
          background: `color-mix(in srgb, ${tone} 10%, var(--rt-surface))`,
        },
        icon: { color: tone },
        title: { color: 'var(--mantine-color-text)' },
        message: { color: 'var(--mantine-color-text)', overflowWrap: 'anywhere' },
      }}
    >
      {worded(props.children)}
    </Alert>
  );
}
