import type { CSSProperties } from 'react';
import { PlainText } from '../ui/PlainText.tsx';
import { parseAnsi, type Span } from './ansi.ts';
import css from './LogText.module.css';
import { markSpans, type Needle } from './markText.ts';

const color = (value: number | string | undefined) =>
  typeof value === 'number' ? `var(--c${value % 8})` : value;

function styleOf(span: Span): CSSProperties | undefined {
  if (span.fg === undefined && span.bg === undefined) return undefined;
  return { color: color(span.fg), backgroundColor: color(span.bg) };
}

/** One line of a terminal in the order it was written: colours survive, markup is only ever text. */
export function LogText(props: { text: string; needle?: Needle | undefined }) {
  return markSpans(parseAnsi(props.text), props.needle).map((span, index) => (
    <span
      key={index}
      className={css.span}
      data-bold={span.bold}
      data-dim={span.dim}
      data-italic={span.italic}
      data-underline={span.underline}
      data-found={span.found}
      style={styleOf(span)}
    >
      <PlainText>{span.text}</PlainText>
    </span>
  ));
}
