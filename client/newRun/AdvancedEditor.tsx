import { Textarea } from '@mantine/core';
import { useRef } from 'react';
import css from './AdvancedEditor.module.css';
import { type AdvancedFault, placeOf } from './advanced.ts';

const EXAMPLE = `{
  "optimizer_config": { "b2": 0.95 }
}`;

/** JSON with the faults of the server below it; each leads to its place in the text. */
export function AdvancedEditor(props: {
  value: string;
  onChange: (text: string) => void;
  syntaxFault: string | undefined;
  faults: readonly AdvancedFault[];
}) {
  const { value, syntaxFault, faults } = props;
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <div>
      <Textarea
        ref={text}
        label="Keys of the Tunix config"
        description="optimizer_config, training_config, model_config; others are refused"
        placeholder={EXAMPLE}
        rows={6}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: css.text }}
        value={value}
        error={syntaxFault ?? (faults.length > 0 && true)}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        data-testid="advanced"
      />
      <ul className={css.faults} aria-live="polite">
        {faults.map(({ path, message }) => {
          const place = placeOf(value, path);
          return (
            <li key={`${path.join('.')} ${message}`} data-testid="advanced-fault">
              {place ? (
                <button
                  type="button"
                  className={css.place}
                  onClick={() => {
                    text.current?.focus();
                    text.current?.setSelectionRange(place.start, place.end);
                  }}
                >
                  Line {place.line}, {path.join('.')}
                </button>
              ) : (
                path.join('.')
              )}
              : {message}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
