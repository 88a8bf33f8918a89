import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { Ticked } from './Ticked.tsx';

const COLOR = { bad: 'red', warn: 'yellow', info: 'indigo', good: 'green' } as const;
const ICON = { bad: 'cross', warn: 'warn', info: 'clock', good: 'check' } as const;

const worded = (text: ReactNode) => (typeof text === 'string' ? <Ticked text={text} /> : text);

export function Notice(props: {
  tone: keyof typeof COLOR;
  title?: string;
  children?: ReactNode;
  testId?: string;
}) {
  return (
    <Alert
      color={COLOR[props.tone]}
      variant="light"
      title={worded(props.title)}
      icon={<Icon name={ICON[props.tone]} />}
      data-testid={props.testId}
      // Text in the tone's own colour is too pale on the tinted ground.
      styles={{
        title: { color: 'var(--mantine-color-text)' },
        message: { color: 'var(--mantine-color-text)', overflowWrap: 'anywhere' },
      }}
    >
      {worded(props.children)}
    </Alert>
  );
}
