import { type ReactNode, useEffect } from 'react';
import css from './OutsidePage.module.css';

/** One card in the middle, for who is not in yet. */
export function OutsidePage(props: {
  title: string;
  lead?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Tunix RT`;
  }, [props.title]);
  return (
    <main className={css.page}>
      <div className={css.brand}>
        <img src="/favicon.svg" alt="" width={26} height={26} />
        Tunix RT
      </div>
      <div className={css.card}>
        <h1 className={css.title}>{props.title}</h1>
        {props.lead && <p className={css.lead}>{props.lead}</p>}
        <div className={css.body}>{props.children}</div>
      </div>
      {props.foot && <p className={css.foot}>{props.foot}</p>}
    </main>
  );
}
