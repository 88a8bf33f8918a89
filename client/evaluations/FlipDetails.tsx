import { SimpleGrid } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { PairTag } from '../traces/PairTag.tsx';
import css from './FlipList.module.css';
import { JudgeDetails } from './JudgeDetails.tsx';
import { MarkedText } from './MarkedText.tsx';
import { ruleWords } from './ruleWords.ts';

const FlipDetails_Side = graphql(`
  fragment FlipDetails_Side on EvaluationItem {
    correct
    extracted
    rule
    error
    details
  }
`);

const FlipDetails_Item = graphql(`
  fragment FlipDetails_Item on ItemComparison {
    prompt
    baselineText
    candidateText
    firstDivergence
    steps {
      kind
      base
      other
    }
    baselineItem {
      ...FlipDetails_Side
    }
    candidateItem {
      ...FlipDetails_Side
    }
  }
`);

function Side(props: {
  name: string;
  text: string | null;
  item: FragmentType<typeof FlipDetails_Side> | null;
}) {
  const item = read(FlipDetails_Side, props.item);
  return (
    <div className={css.side} data-testid="flip-side">
      <div className={css.name}>{props.name}</div>
      {props.text ? (
        <MarkedText
          text={props.text}
          extracted={item?.extracted ?? null}
          isRight={item?.correct ?? false}
        />
      ) : (
        <p className={css.none}>There is no text.</p>
      )}
      {item && <p className={css.why}>{item.error ?? ruleWords(item.rule)}</p>}
      {item && <JudgeDetails details={item.details} />}
    </div>
  );
}

/** Both texts side by side, whole or step by step from where they part. */
export function FlipDetails(props: { item: FragmentType<typeof FlipDetails_Item> }) {
  const item = read(FlipDetails_Item, props.item);
  const { steps, firstDivergence } = item;
  const [isWhole, setWhole] = useState(false);
  const same = useMemo(() => steps.filter(({ kind }) => kind === 'SAME').length, [steps]);
  return (
    <div className={css.details}>
      <div className={css.question}>{item.prompt}</div>
      <p className={css.why} data-testid="first-divergence">
        {firstDivergence === null
          ? 'Both say the same, step by step.'
          : `They part at step ${firstDivergence + 1} of ${steps.length}${same > 0 ? `; ${same} ${same === 1 ? 'is' : 'are'} equal` : ''}.`}{' '}
        <button type="button" className={css.switch} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show it step by step' : 'Show the whole texts'}
        </button>
      </p>
      {isWhole ? (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Side name="Baseline (A)" text={item.baselineText} item={item.baselineItem} />
          <Side name="Candidate (B)" text={item.candidateText} item={item.candidateItem} />
        </SimpleGrid>
      ) : (
        <ol className={css.steps} aria-label="Steps of both">
          {steps.map((step, index) => (
            <li
              key={index}
              className={css.step}
              data-first={index === firstDivergence || undefined}
              data-testid="flip-step"
            >
              <div className={css.text} data-side="A">
                {step.base ?? <i>no such step in A</i>}
              </div>
              <PairTag kind={step.kind} />
              <div className={css.text} data-side="B">
                {step.other ?? <i>no such step in B</i>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
