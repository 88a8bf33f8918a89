import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatPercent } from '../lib/format.ts';
import css from './SplitBar.module.css';

const SplitBar_Dataset = graphql(`
  fragment SplitBar_Dataset on Dataset {
    id
    itemCount
    trainCount
    evalCount
    testCount
  }
`);

export function SplitBar(props: { dataset: FragmentType<typeof SplitBar_Dataset> }) {
  const dataset = read(SplitBar_Dataset, props.dataset);
  const parts = [
    ['train', dataset.trainCount],
    ['eval', dataset.evalCount],
    ['test', dataset.testCount],
  ] as const;
  return (
    <div>
      <div className={css.bar} aria-hidden="true">
        {parts.map(([split, count]) => (
          <div key={split} className={css.part} data-split={split} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={css.legend}>
        {parts.map(([split, count]) => (
          <li key={split}>
            <span className={`${css.dot} ${css.part}`} data-split={split} aria-hidden="true" />
            {split} {formatCount(count)}{' '}
            {dataset.itemCount > 0 && `(${formatPercent(count / dataset.itemCount, 0)})`}
          </li>
        ))}
      </ul>
    </div>
  );
}
