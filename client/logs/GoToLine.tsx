import { TextInput } from '@mantine/core';
import { type RefObject, useState } from 'react';
import css from './LogBar.module.css';
import { type LineRange, parseRange } from './lineRange.ts';

/** A line number, or a range of them, to go to. */
export function GoToLine(props: {
  box: RefObject<HTMLInputElement | null>;
  onGo: (range: LineRange) => void;
}) {
  const [text, setText] = useState('');
  return (
    <TextInput
      ref={props.box}
      size="xs"
      className={css.line}
      inputMode="numeric"
      aria-label="Go to line"
      placeholder="Go to line"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key !== 'Enter') return;
        const range = parseRange(`L${text.replaceAll(/[\s,.L]/g, '')}`);
        if (range) props.onGo(range);
      }}
    />
  );
}
