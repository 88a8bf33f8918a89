import type { Split } from '../gql/graphql.ts';
import css from './SplitBar.module.css';

/** The side of an item as a word, with the colour it has in the bar. */
export function SplitTag(props: { split: Split }) {
  const split = props.split.toLowerCase();
  return (
    <span className={css.tag}>
      <span className={`${css.dot} ${css.part}`} data-split={split} aria-hidden="true" />
      {split}
    </span>
  );
}
