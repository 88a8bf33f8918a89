import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import css from './Tag.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'idle';

/** A word with a colour and a sign: never the colour alone. */
export function Tag(props: {
  tone: Tone;
  icon?: IconName;
  busy?: boolean;
  title?: string;
  testId?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={css.tag}
      data-tone={props.tone}
      data-busy={props.busy || undefined}
      data-testid={props.testId}
      title={props.title}
    >
      {props.icon && <Icon name={props.icon} size={12} />}
      {props.children}
    </span>
  );
}
