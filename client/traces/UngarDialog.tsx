import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import type { UngarVariant } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import css from './ImportPreview.module.css';

const UngarDialog_Status = graphql(`
  query UngarDialog_Status {
    ungarStatus {
      available
      version
      games
    }
  }
`);

const UngarDialog_Generate = graphql(`
  mutation UngarDialog_Generate($input: GenerateUngarTracesInput!) {
    generateUngarTraces(input: $input) {
      __typename
      ... on GenerateUngarTracesPayload {
        seed
        created
        duplicates
        preview {
          seed
          result
          prompt
          finalAnswer
          steps {
            i
          }
        }
      }
      ...Problem_Error
    }
  }
`);

const VARIANTS: { value: UngarVariant; label: string }[] = [
  { value: 'REVEAL', label: 'Both cards known' },
  { value: 'DECISION', label: 'Decide in the dark' },
];

/** Traces of a card game, made on the server: looked at first, stored after. */
export function UngarDialog(props: { onStored: () => void; onClose: () => void }) {
  const [{ data: about }] = useQuery({ query: UngarDialog_Status });
  const [{ data, fetching }, generate] = useMutation(UngarDialog_Generate);
  const [count, setCount] = useState('10');
  const [seed, setSeed] = useState('');
  const [variant, setVariant] = useState<UngarVariant>('REVEAL');
  const [problem, setProblem] = useState<Problem>();
  const answer = data?.generateUngarTraces;
  const made = answer?.__typename === 'GenerateUngarTracesPayload' ? answer : undefined;
  const isPreview = made !== undefined && made.created + made.duplicates === 0;
  const { byField, rest } = problem
    ? issuesByField(problem, ['count', 'seed'])
    : { byField: {}, rest: [] };

  async function run(persist: boolean, from: string) {
    setProblem(undefined);
    const result = await generate({
      input: {
        count: Number(count),
        seed: from === '' ? undefined : Number(from),
        variant,
        persist,
      },
    });
    if (result.error) tellFailure(result.error);
    else if (result.data?.generateUngarTraces.__typename === 'GenerateUngarTracesPayload') {
      const { created, duplicates, seed: used } = result.data.generateUngarTraces;
      // What is stored is what was looked at.
      setSeed(String(used));
      if (!persist) return;
      tellDone(`${plural(created, 'new trace')}, ${plural(duplicates, 'trace')} already known`);
      props.onStored();
      props.onClose();
    } else if (result.data) setProblem(readProblem(result.data.generateUngarTraces));
  }

  const isNumber = (text: string) => /^-?\d+$/.test(text.trim());
  const isReady = isNumber(count) && (seed.trim() === '' || isNumber(seed));
  return (
    <Dialog onClose={props.onClose} title="Generate card game traces" size="lg">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Episodes of High Card Duel, each with its rules as the prompt and the reasoning as steps.
          {about && ` UNGAR ${about.ungarStatus.version}.`}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label="How many"
            description="1–100"
            inputMode="numeric"
            value={count}
            error={byField.count}
            onChange={(event) => setCount(event.currentTarget.value)}
          />
          <TextInput
            label="Seed"
            description="The same seed makes the same games"
            placeholder="any"
            inputMode="numeric"
            value={seed}
            error={byField.seed}
            onChange={(event) => setSeed(event.currentTarget.value)}
          />
        </SimpleGrid>
        <SegmentedControl
          aria-label="Variant"
          data={VARIANTS}
          value={variant}
          onChange={(value) =>
            setVariant(VARIANTS.find((known) => known.value === value)?.value ?? 'REVEAL')
          }
        />
        {rest.length > 0 && (
          <Notice tone="bad" title="Not generated">
            {rest.join(' ')}
          </Notice>
        )}
        {made && isPreview && (
          <div className={css.scroll} data-testid="ungar-preview">
            <ol className={css.rows}>
              {made.preview.map((episode, index) => (
                <li key={index} className={css.row}>
                  <span className={css.line}>{index + 1}</span>
                  <div className={css.text}>
                    <div className={css.prompt} title={episode.prompt}>
                      {episode.prompt}
                    </div>
                    <div className={css.answer}>
                      {episode.result.toLowerCase()} → {episode.finalAnswer} ·{' '}
                      {plural(episode.steps.length, 'step')}
                    </div>
                  </div>
                </li>
              ))}
            </ol>
          </div>
        )}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={!isReady}
            loading={fetching}
            onClick={() => void run(false, seed.trim())}
            data-testid="ungar-show"
          >
            Preview
          </Button>
          <Button
            disabled={!isReady}
            loading={fetching}
            onClick={() => void run(true, seed.trim())}
            data-testid="ungar-store"
          >
            Store
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
