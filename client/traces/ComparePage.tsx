import { Button, SimpleGrid, Text } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { useUrlState } from '../lib/url.ts';
import { useKeys } from '../lib/useKeys.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import css from './ComparePage.module.css';
import { ComparePairs } from './ComparePairs.tsx';
import { CompareSummary } from './CompareSummary.tsx';
import { nextDifference } from './comparePairs.ts';

const ComparePage_Query = graphql(`
  query ComparePage_Query($base: ID!, $other: ID!) {
    compareTraces(base: $base, other: $other) {
      base {
        id
        prompt
        finalAnswer
      }
      other {
        id
        prompt
        finalAnswer
      }
      answerChanged
      pairs {
        kind
      }
      ...CompareSummary_Comparison
      ...ComparePairs_Comparison
    }
  }
`);

function Comparison(props: { a: string; b: string; onSwap: () => void }) {
  const { data, loading } = usePageQuery({
    query: ComparePage_Query,
    variables: { base: props.a, other: props.b },
  });
  const comparison = data?.compareTraces;
  const pairs = useMemo(() => comparison?.pairs ?? [], [comparison]);
  const [at, setAt] = useState<number>();
  const box = useRef<HTMLDivElement>(null);

  function goOn() {
    const next = nextDifference(pairs, at);
    if (next === undefined) return;
    setAt(next);
    const row = box.current?.querySelector(`[data-pair="${next}"]`);
    row?.scrollIntoView({ block: 'center' });
  }
  useKeys({ '.': goOn, s: props.onSwap });

  if (!comparison) return loading ? <LoadingPage /> : <NotFound what="pair of traces" />;
  const { base, other } = comparison;
  const hasOnePrompt = base.prompt === other.prompt;
  const isDifferent = pairs.some(({ kind }) => kind !== 'SAME');
  return (
    <Page
      source={ComparePage_Query}
      title="Compare traces"
      description="The steps of two solutions, side by side where they belong together."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon name="swap" size={14} />}
            onClick={props.onSwap}
          >
            Swap
          </Button>
          <Button disabled={!isDifferent} onClick={goOn} data-testid="next-difference">
            {at === undefined ? 'First difference' : 'Next difference'}{' '}
            <kbd className={css.key}>.</kbd>
          </Button>
        </>
      }
    >
      <CompareSummary comparison={comparison} />
      {hasOnePrompt ? (
        <Section title="Prompt of both">
          <div className={css.text}>{base.prompt}</div>
        </Section>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Section title="Prompt of A">
            <div className={css.text}>{base.prompt}</div>
          </Section>
          <Section title="Prompt of B">
            <div className={css.text}>{other.prompt}</div>
          </Section>
        </SimpleGrid>
      )}
      <div ref={box}>
        <ComparePairs comparison={comparison} at={at} />
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Section title="Answer of A">
          <div className={css.text}>{base.finalAnswer}</div>
        </Section>
        <Section title="Answer of B">
          <div className={css.text}>{other.finalAnswer}</div>
        </Section>
      </SimpleGrid>
    </Page>
  );
}

export function ComparePage() {
  const [{ a, b }, setUrl] = useUrlState('a', 'b');
  if (a && b) return <Comparison a={a} b={b} onSwap={() => setUrl({ a: b, b: a })} />;
  return (
    <Page title="Compare traces">
      <Section>
        <EmptyState
          title="Choose two traces"
          action={
            <Button component={Link} to={paths.traces()}>
              To the traces
            </Button>
          }
        >
          <Text>
            Select two in the list and press <kbd className={css.key}>C</kbd>, or take “Compare
            with…” on the page of one.
          </Text>
        </EmptyState>
      </Section>
    </Page>
  );
}
