import { Fragment } from 'react';
import css from './Code.module.css';

/** A message of the server, whose commands and names stand between backticks. */
export function Ticked(props: { text: string }) {
  return props.text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className={css.mono}>
        {part}
      </code>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
