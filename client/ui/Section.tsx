import { type ReactNode, useContext, useId } from 'react';
import css from './Section.module.css';
import { SourceButton } from './SourceButton.tsx';
import { type Source, SourceContext } from './source.ts';

/** A titled card. `flush` leaves the padding to what is inside (tables, charts). */
export function Section(props: {
  title?: ReactNode;
  aside?: ReactNode;
  flush?: boolean;
  /** The question that fills this card, where it is not that of the page; null where none does. */
  source?: Source | null;
  testId?: string;
  children: ReactNode;
}) {
  const id = useId();
  const ofPage = useContext(SourceContext);
  const source = props.source === undefined ? ofPage : props.source;
  const what = typeof props.title === 'string' ? props.title : 'This panel';
  return (
    <section
      className={css.section}
      aria-labelledby={props.title ? id : undefined}
      data-testid={props.testId}
    >
      {props.title && (
        <div className={css.head}>
          <div className={css.named}>
            <h2 id={id} className={css.title}>
              {props.title}
            </h2>
            {source && (
              <span className={css.source}>
                <SourceButton source={source} label={`${what} by the API`} />
              </span>
            )}
          </div>
          {props.aside}
        </div>
      )}
      <div className={css.body} data-padded={!props.flush || undefined}>
        {props.children}
      </div>
    </section>
  );
}
