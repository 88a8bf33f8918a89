import type { ReactNode } from 'react';
import css from './Passage.module.css';

/** A heading of a drawer with what was written, line by line, and what belongs to it. */
export function Passage(props: {
  title: string;
  text?: string;
  testId?: string;
  children?: ReactNode;
}) {
  return (
    <div data-testid={props.testId}>
      <h3 className={css.head}>{props.title}</h3>
      {props.text !== undefined && <div className={css.text}>{props.text}</div>}
      {props.children}
    </div>
  );
}
