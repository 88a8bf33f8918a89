import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from './Link.tsx';

export function TextLink(props: {
  to: string;
  children: ReactNode;
  mono?: boolean;
  /** Words stand around it: then colour alone does not tell it from them. */
  inText?: boolean;
  title?: string;
  testId?: string;
}) {
  return (
    <Anchor
      component={Link}
      to={props.to}
      inherit
      underline={props.inText ? 'always' : 'hover'}
      title={props.title}
      data-testid={props.testId}
      ff={props.mono ? 'monospace' : undefined}
      style={props.mono ? { fontSize: '0.92em' } : undefined}
    >
      {props.children}
    </Anchor>
  );
}
