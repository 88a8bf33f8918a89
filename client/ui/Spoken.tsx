import type { ReactNode } from 'react';
import css from './Spoken.module.css';

/** For screen readers only. */
export function Spoken(props: { role?: 'status'; children: ReactNode }) {
  return (
    <span className={css.spoken} role={props.role}>
      {props.children}
    </span>
  );
}
