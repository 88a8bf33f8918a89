import { bidiParts } from '../lib/bidi.ts';
import css from './PlainText.module.css';

/**
 * A text that others wrote, in the order of its characters: what would turn that order around is shown
 * as a mark with its code and has no effect. Selecting copies the text as it is.
 */
export function PlainText(props: { children: string }) {
  return bidiParts(props.children).map(({ text, control }, index) =>
    control ? (
      <span
        key={index}
        className={css.control}
        data-code={control.code}
        title={`${control.code}, ${control.name}: shown, not obeyed`}
      >
        {text}
      </span>
    ) : (
      text
    ),
  );
}
