import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './OpenTrace.module.css';

/** A button that reads like a link: opens a trace beside the list. One line, cut where it must be. */
export function OpenTrace(props: {
  id: string;
  onOpen: (traceId: string) => void;
  title?: string;
  short?: boolean;
  children: ReactNode;
}) {
  return (
    <Anchor
      component="button"
      type="button"
      inherit
      className={props.short ? css.short : css.line}
      title={props.title}
      onClick={() => props.onOpen(props.id)}
    >
      {props.children}
    </Anchor>
  );
}
