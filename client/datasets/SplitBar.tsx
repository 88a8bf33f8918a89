import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatPercent } from '../lib/format.ts';
import css from './SplitBar.module.css';

const SplitBar_Dataset = graphql(`
  fragment SplitBar_Dataset on Dataset {
    id
    trainCount
    evalCount
    testCount
  }
`);

type Counts = { trainCount: number; evalCount: number; testCount: number };

/** The three sides of a dataset; `compact` writes them in one short line, for tables. */
export function SplitBar(props: {
  dataset: FragmentType<typeof SplitBar_Dataset>;
  compact?: boolean;
}) {
  return <SplitCounts of={read(SplitBar_Dataset, props.dataset)} compact={props.compact} />;
}

/** The same of counts that no dataset has yet. */
export function SplitCounts(props: { of: Counts; compact?: boolean | undefined }) {
  const { trainCount, evalCount, testCount } = props.of;
  const total = trainCount + evalCount + testCount;
  const parts = [
    ['train', trainCount],
    ['eval', evalCount],
    ['test', testCount],
  ] as const;
  return (
    <div className={props.compact ? css.compact : undefined}>
      <div className={css.bar} aria-hidden="true">
        {parts.map(([split, count]) => (
          <div key={split} className={css.part} data-split={split} style={{ flexGrow: count }} />
        ))}
      </div>
      {props.compact ? (
        <div className={css.line}>
          {parts.map(([split, count], index) => (
            <span key={split} title={`${split} ${formatCount(count)}`}>
              {index > 0 && ' / '}
              {formatCount(count)}
            </span>
          ))}
        </div>
      ) : (
        <ul className={css.legend}>
          {parts.map(([split, count]) => (
            <li key={split}>
              <span className={`${css.dot} ${css.part}`} data-split={split} aria-hidden="true" />
              {split} {formatCount(count)} {total > 0 && `(${formatPercent(count / total, 0)})`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
