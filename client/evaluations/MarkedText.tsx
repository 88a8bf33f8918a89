import css from './ItemDrawer.module.css';
import { markExtracted } from './markExtracted.ts';

/** A generated text with the answer a judge found in it. */
export function MarkedText(props: { text: string; extracted: string | null; isRight: boolean }) {
  const { before, answer, after } = markExtracted(props.text, props.extracted);
  return (
    <div className={css.generated} data-testid="generated-text">
      {before}
      {answer && (
        <mark className={css.answer} data-right={props.isRight} title="The answer that was judged">
          {answer}
        </mark>
      )}
      {after}
    </div>
  );
}
