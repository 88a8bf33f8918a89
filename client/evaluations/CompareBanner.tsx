import { SimpleGrid } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatScore } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import type { Tone } from '../ui/Tag.tsx';
import css from './CompareBanner.module.css';
import { DeltaInterval } from './DeltaInterval.tsx';
import { judgedOn } from './judgedOn.ts';
import { FINDING_TITLE, type Finding, findingOf, pairedSentences } from './pairedWords.ts';

const CompareBanner_Side = graphql(`
  fragment CompareBanner_Side on Evaluation {
    id
    score
    split
    dataset {
      id
      key
    }
    evaluationSet {
      id
      key
    }
    judge {
      ref
    }
    run {
      id
      number
      name
      modelId
    }
  }
`);

const CompareBanner_Comparison = graphql(`
  fragment CompareBanner_Comparison on EvaluationComparison {
    comparable
    notComparableBecause
    baseline {
      id
      ...CompareBanner_Side
    }
    candidate {
      id
      ...CompareBanner_Side
    }
    statistics {
      items
      baselineMean
      candidateMean
      delta
      lower
      higher
      test
      pValue
      minDetectable
      alpha
      seed
      resamples
      interval {
        low
        high
      }
    }
  }
`);

const LOOK: Record<Finding, { tone: Tone; icon: IconName }> = {
  better: { tone: 'good', icon: 'up' },
  worse: { tone: 'bad', icon: 'down' },
  unclear: { tone: 'warn', icon: 'equal' },
};

function Side(props: { name: string; side: FragmentType<typeof CompareBanner_Side> }) {
  const side = read(CompareBanner_Side, props.side);
  return (
    <div className={css.side}>
      <div className={css.name}>{props.name}</div>
      <div>
        <TextLink to={paths.evaluation(side.id)}>
          Run #{side.run.number} {side.run.name ?? ''}
        </TextLink>
        , score {formatScore(side.score)}
      </div>
      <div className={css.facts}>
        {side.run.modelId} · {side.judge.ref} on the {judgedOn(side)}
      </div>
    </div>
  );
}

/** What a comparison finds, first in a word and then in numbers. */
export function CompareBanner(props: {
  comparison: FragmentType<typeof CompareBanner_Comparison>;
}) {
  const comparison = read(CompareBanner_Comparison, props.comparison);
  const { statistics, notComparableBecause } = comparison;
  const finding = statistics && findingOf(statistics);
  const look = finding ? LOOK[finding] : { tone: 'idle' as const, icon: 'cross' as const };
  const sentences = statistics ? pairedSentences(statistics) : notComparableBecause;
  return (
    <section className={css.banner} data-tone={look.tone} data-testid="compare-banner">
      <h2 className={css.title}>
        <Icon name={look.icon} size={18} />
        {finding
          ? FINDING_TITLE[finding]
          : comparison.comparable
            ? 'No item was judged on both sides'
            : 'These two do not compare'}
      </h2>
      {sentences.map((sentence) => (
        <p key={sentence} className={css.text}>
          {sentence}
        </p>
      ))}
      {statistics && (
        <>
          <DeltaInterval
            delta={statistics.delta}
            low={statistics.interval.low}
            high={statistics.interval.high}
            words={sentences[0] ?? ''}
          />
          <p className={css.facts}>
            Left of the dashed line is worse. Interval from {statistics.resamples} resamples, seed{' '}
            {statistics.seed}.
          </p>
        </>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
        <Side name="Baseline (A)" side={comparison.baseline} />
        <Side name="Candidate (B)" side={comparison.candidate} />
      </SimpleGrid>
    </section>
  );
}
