import type { ReactNode } from 'react';
import { Link } from './Link.tsx';
import css from './TextLink.module.css';

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
    <Link
      to={props.to}
      className={css.link}
      title={props.title}
      data-testid={props.testId}
      data-in-text={props.inText || undefined}
      data-mono={props.mono || undefined}
    >
      {props.children}
    </Link>
  );
}
