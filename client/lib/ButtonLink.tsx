import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/Icon.tsx';
import css from './ButtonLink.module.css';
import { Link } from './Link.tsx';

/** The first thing to do on a page that stands without the component library. */
export function ButtonLink(props: { to: string; icon: IconName; children: ReactNode }) {
  return (
    <Link to={props.to} className={css.link}>
      <Icon name={props.icon} />
      {props.children}
    </Link>
  );
}
