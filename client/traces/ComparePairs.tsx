import { useState } from 'react';
import type { ComparePairs_ComparisonFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatPercent, plural } from '../lib/format.ts';
import { Icon } from '../ui/Icon.tsx';
import css from './ComparePage.module.css';
import { markValues, toBlocks } from './comparePairs.ts';
import { PairTag } from './PairTag.tsx';

const ComparePairs_Comparison = graphql(`
  fragment ComparePairs_Comparison on TraceComparison {
    pairs {
      kind
      baseIndex
      otherIndex
      similarity
      base {
        i
        type
        content
      }
      other {
        i
        type
        content
      }
      valueConflicts {
        base
        other
      }
    }
  }
`);

type Pair = ComparePairs_ComparisonFragment['pairs'][number];

function Side(props: { side: 'A' | 'B'; step: Pair['base']; values: readonly string[] }) {
  const { side, step } = props;
  if (!step) return <div className={css.none}>No such step in {side}</div>;
  return (
    <div className={css.step} data-side={side}>
      <div className={css.type}>
        <span className={css.side}>{side}</span> {step.i} · {step.type}
      </div>
      <div className={css.text}>
        {markValues(step.content, props.values).map((part, index) =>
          part.marked ? (
            <mark key={index} className={css.conflict}>
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
      </div>
    </div>
  );
}

function PairRow(props: { pair: Pair; at: number; isCurrent: boolean }) {
  const { pair } = props;
  const conflicts = pair.valueConflicts;
  const isHalf = pair.kind === 'INSERTED' || pair.kind === 'DELETED';
  return (
    <li
      className={css.pair}
      data-kind={pair.kind}
      data-pair={props.at}
      data-current={props.isCurrent || undefined}
      data-testid="step-pair"
    >
      <div className={css.middle}>
        <PairTag kind={pair.kind} />
        {pair.kind !== 'SAME' && !isHalf && (
          <span className={css.alike}>{formatPercent(pair.similarity, 0)} alike</span>
        )}
        {conflicts.map(({ base, other }, index) => (
          <span key={index} className={css.values} data-testid="value-conflict">
            <b>{base}</b> → <b>{other}</b>
          </span>
        ))}
      </div>
      <Side side="A" step={pair.base} values={conflicts.map(({ base }) => base)} />
      <Side side="B" step={pair.other} values={conflicts.map(({ other }) => other)} />
    </li>
  );
}

/** All pairs in their order. A run of equal steps is one line until it is opened. */
export function ComparePairs(props: {
  comparison: FragmentType<typeof ComparePairs_Comparison>;
  at: number | undefined;
}) {
  const { pairs } = read(ComparePairs_Comparison, props.comparison);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (first: number) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(first)) next.add(first);
      return next;
    });
  const row = (pair: Pair, at: number) => (
    <PairRow key={at} pair={pair} at={at} isCurrent={at === props.at} />
  );
  return (
    <ol className={css.pairs} aria-label="Steps of both" data-testid="step-pairs">
      {toBlocks(pairs).flatMap((block) => {
        if (block.kind === 'pair') return [row(block.pair, block.at)];
        const isOpen = open.has(block.first);
        const fold = (
          <li key={`fold-${block.first}`}>
            <button
              type="button"
              className={css.fold}
              aria-expanded={isOpen}
              onClick={() => toggle(block.first)}
              data-testid="same-run"
            >
              <Icon name="equal" size={12} /> {plural(block.pairs.length, 'equal step')}:{' '}
              {isOpen ? 'hide' : 'show'}
            </button>
          </li>
        );
        return isOpen
          ? [fold, ...block.pairs.map((pair, index) => row(pair, block.first + index))]
          : [fold];
      })}
    </ol>
  );
}
