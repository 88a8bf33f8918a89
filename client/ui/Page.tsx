import { type ReactNode, useEffect } from 'react';
import { pageTitle } from '../lib/pageTitle.ts';
import css from './Page.module.css';
import { SourceButton } from './SourceButton.tsx';
import { type Source, SourceContext } from './source.ts';

/** Title, one sentence, actions; the title is that of the document, too. */
export function Page(props: {
  title: string;
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The question that fills its panels, but for those that name their own. */
  source?: Source;
  children: ReactNode;
}) {
  useEffect(() => pageTitle.set(props.title), [props.title]);
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div className={css.words}>
          <div className={css.title}>
            <h1>{props.heading ?? props.title}</h1>
            <SourceButton />
          </div>
          {props.description && <div className={css.description}>{props.description}</div>}
        </div>
        {props.actions && <div className={css.actions}>{props.actions}</div>}
      </div>
      <SourceContext value={props.source}>{props.children}</SourceContext>
    </div>
  );
}
