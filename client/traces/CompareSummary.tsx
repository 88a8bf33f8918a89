import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatScore, formatSigned, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './ComparePage.module.css';
import { PairTag } from './PairTag.tsx';

const CompareSummary_Comparison = graphql(`
  fragment CompareSummary_Comparison on TraceComparison {
    baseScore
    otherScore
    answerChanged
    valueConflicts {
      pair
    }
    counts {
      same
      reworded
      changed
      inserted
      deleted
    }
    base {
      id
      source
      stepCount
    }
    other {
      id
      source
      stepCount
    }
  }
`);

/** The verdict before the details: answer, kinds of steps, scores. */
export function CompareSummary(props: {
  comparison: FragmentType<typeof CompareSummary_Comparison>;
}) {
  const comparison = read(CompareSummary_Comparison, props.comparison);
  const { base, other, baseScore, otherScore, counts, answerChanged } = comparison;
  const kinds = [
    ['SAME', counts.same],
    ['REWORDED', counts.reworded],
    ['CHANGED', counts.changed],
    ['INSERTED', counts.inserted],
    ['DELETED', counts.deleted],
  ] as const;
  const sides = [
    ['A', base, baseScore, undefined],
    ['B', other, otherScore, otherScore - baseScore],
  ] as const;
  const conflicts = comparison.valueConflicts.length;
  return (
    <Section>
      <div className={css.verdict} data-testid="compare-summary">
        <Tag
          tone={answerChanged ? 'bad' : 'good'}
          icon={answerChanged ? 'cross' : 'check'}
          testId="answer-changed"
        >
          {answerChanged ? 'The answers differ' : 'The same answer'}
        </Tag>
        {kinds.map(
          ([kind, count]) =>
            count > 0 && (
              <span key={kind} className={css.count}>
                <PairTag kind={kind} /> {formatCount(count)}
              </span>
            ),
        )}
        {conflicts > 0 && (
          <Tag tone="bad" icon="warn" testId="conflict-count">
            {plural(conflicts, 'other value')}
          </Tag>
        )}
      </div>
      <div className={css.sides}>
        {sides.map(([side, trace, score, more]) => (
          <div key={side}>
            <TextLink to={paths.trace(trace.id)}>
              <b>{side}</b> {trace.source ?? 'without a source'}
            </TextLink>
            <div className={css.facts}>
              {plural(trace.stepCount, 'step')} · score {formatScore(score)}
              {more ? ` (${formatSigned(more, 1)})` : ''}
            </div>
          </div>
        ))}
      </div>
    </Section>
  );
}
