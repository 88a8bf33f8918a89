import { useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tag } from '../ui/Tag.tsx';
import { FlipDetails } from './FlipDetails.tsx';
import css from './FlipList.module.css';
import { FLIPS } from './flips.ts';

const FlipItem_Item = graphql(`
  fragment FlipItem_Item on ItemComparison {
    position
    kind
    prompt
    expected
    baselineItem {
      extracted
    }
    candidateItem {
      extracted
    }
    ...FlipDetails_Item
  }
`);

/** One item of a comparison in a line, which opens. */
export function FlipItem(props: { item: FragmentType<typeof FlipItem_Item> }) {
  const item = read(FlipItem_Item, props.item);
  const [isOpen, setOpen] = useState(false);
  const look = FLIPS[item.kind];
  return (
    <article className={css.item} data-testid="flip" data-kind={item.kind}>
      <button
        type="button"
        className={css.line}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={css.arrow} data-open={isOpen || undefined}>
          <Icon name="right" size={14} />
        </span>
        <Tag tone={look.tone} icon={look.icon}>
          {look.word}
        </Tag>
        <span className={css.prompt}>{item.prompt}</span>
        <span className={css.answers}>
          expected <b>{item.expected}</b>, A: {item.baselineItem?.extracted ?? 'nothing'}, B:{' '}
          {item.candidateItem?.extracted ?? 'nothing'}
        </span>
      </button>
      {isOpen && <FlipDetails item={item} />}
    </article>
  );
}
