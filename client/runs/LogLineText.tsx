import type { CSSProperties } from 'react';
import { parseAnsi, type Span } from './ansi.ts';
import css from './LogLineText.module.css';

const color = (value: number | string | undefined) =>
  typeof value === 'number' ? `var(--c${value % 8})` : value;

function styleOf(span: Span): CSSProperties | undefined {
  if (span.fg === undefined && span.bg === undefined) return undefined;
  return { color: color(span.fg), backgroundColor: color(span.bg) };
}

/** One line of a terminal as text nodes: colours survive, markup is only ever text. */
export function LogLineText(props: { text: string }) {
  return parseAnsi(props.text).map((span, index) => (
    <span
      key={index}
      className={css.span}
      data-bold={span.bold}
      data-dim={span.dim}
      data-italic={span.italic}
      data-underline={span.underline}
      style={styleOf(span)}
    >
      {span.text}
    </span>
  ));
}
