import { Textarea, type TextareaProps } from '@mantine/core';
import { useRef } from 'react';
import css from './TextEditor.module.css';

/** What is wrong with a text, and where: `start` and `end` for the caret. */
export type TextFault = {
  path: string;
  message: string;
  place?: { line: number; start: number; end: number } | undefined;
};

/** A text in a fixed width with its faults below it; each leads to its place in the text. */
export function TextEditor(
  props: TextareaProps & {
    faults: readonly TextFault[];
    /** Of each fault. */
    faultTestId: string;
    onText: (text: string) => void;
  },
) {
  const { faults, faultTestId, onText, ...rest } = props;
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <div>
      <Textarea
        ref={text}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: css.text }}
        onChange={(event) => onText(event.currentTarget.value)}
        {...rest}
        error={rest.error ?? (faults.length > 0 && true)}
      />
      <ul className={css.faults} aria-live="polite">
        {faults.map(({ path, message, place }) => {
          const where = [place && `Line ${place.line}`, path].filter(Boolean).join(', ');
          return (
            <li key={`${path} ${message}`} data-testid={faultTestId}>
              {place ? (
                <button
                  type="button"
                  className={css.place}
                  onClick={() => {
                    text.current?.focus();
                    text.current?.setSelectionRange(place.start, place.end);
                  }}
                >
                  {where}
                </button>
              ) : (
                where
              )}
              {where && ': '}
              {message}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
