import { type ReactNode, useId } from 'react';
import css from './Section.module.css';
import { SourceButton } from './SourceButton.tsx';

/** A titled card. `flush` leaves the padding to what is inside (tables, charts). */
export function Section(props: {
  title?: ReactNode;
  aside?: ReactNode;
  flush?: boolean;
  /** The operations that this card shows, for its own menu. */
  source?: readonly string[];
  testId?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      className={css.section}
      aria-labelledby={props.title ? id : undefined}
      data-testid={props.testId}
    >
      {props.title && (
        <div className={css.head}>
          <h2 id={id} className={css.title}>
            {props.title}
          </h2>
          {props.source ? (
            <div className={css.aside}>
              {props.aside}
              <SourceButton names={props.source} label="This panel by the API" />
            </div>
          ) : (
            props.aside
          )}
        </div>
      )}
      <div className={css.body} data-padded={!props.flush || undefined}>
        {props.children}
      </div>
    </section>
  );
}
