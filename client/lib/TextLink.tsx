import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from './Link.tsx';

export function TextLink(props: {
  to: string;
  children: ReactNode;
  mono?: boolean;
  title?: string;
  testId?: string;
}) {
  return (
    <Anchor
      component={Link}
      to={props.to}
      inherit
      title={props.title}
      data-testid={props.testId}
      ff={props.mono ? 'monospace' : undefined}
      style={props.mono ? { fontSize: '0.92em' } : undefined}
    >
      {props.children}
    </Anchor>
  );
}
