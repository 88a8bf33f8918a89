import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { JudgeDetails } from '../evaluations/JudgeDetails.tsx';
import { MarkedText } from '../evaluations/MarkedText.tsx';
import { ruleWords } from '../evaluations/ruleWords.ts';
import { graphql } from '../gql/index.ts';
import { formatPercent } from '../lib/format.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';

const TryJudgeForm_Try = graphql(`
  mutation TryJudgeForm_Try($input: TryJudgeInput!) {
    tryJudge(input: $input) {
      __typename
      ... on TryJudgePayload {
        judgement {
          correct
          score
          extracted
          rule
          details
          error
        }
      }
      ...Problem_Error
    }
  }
`);

const EXAMPLE = {
  prompt: 'A train goes 60 km in an hour. How far does it go in three hours?',
  expected: '180',
  alternatives: '180 km',
  reference: 'In one hour it goes 60 km.\nIn three hours it goes 3 × 60 = 180 km.',
  text: 'In three hours it goes 3 × 60 = 180 km.\nA: 180 km',
};

const FIELDS = ['prompt', 'expected', 'alternatives', 'reference', 'text', 'endpoint'] as const;
type Field = (typeof FIELDS)[number];

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** One text before one judge. Nothing is stored. */
export function TryJudgeForm(props: {
  judge: string;
  needsEndpoint: boolean;
  endpoints: readonly string[];
}) {
  const { judge, needsEndpoint, endpoints } = props;
  const [form, setForm] = useState(EXAMPLE);
  const [endpoint, setEndpoint] = useState(endpoints[0] ?? null);
  const [judged, setJudged] = useState('');
  const [{ data, fetching }, ask] = useMutation(TryJudgeForm_Try);
  const [problem, setProblem] = useState<Problem>();
  const placed = problem ? issuesByField<Field>(problem, FIELDS) : { byField: {}, rest: [] };
  const errors: Partial<Record<Field, string>> = placed.byField;
  const answer = data?.tryJudge;
  const judgement = answer?.__typename === 'TryJudgePayload' ? answer.judgement : undefined;

  const text = (name: keyof typeof form) => ({
    value: form[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });

  async function submit() {
    setProblem(undefined);
    const { data: said, error } = await ask({
      input: {
        judge,
        prompt: form.prompt,
        expected: form.expected,
        alternatives: linesOf(form.alternatives),
        reference: linesOf(form.reference),
        text: form.text,
        endpoint: needsEndpoint ? endpoint : undefined,
      },
    });
    setJudged(form.text);
    if (error) tellFailure(error);
    else if (said && said.tryJudge.__typename !== 'TryJudgePayload')
      setProblem(readProblem(said.tryJudge));
  }

  return (
    <Section source={null} title={`Try ${judge}`} testId="try-judge">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="sm">
          <Textarea label="Prompt" autosize minRows={2} maxRows={8} {...text('prompt')} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <TextInput label="Expected answer" {...text('expected')} />
            <Textarea label="Others, one a line" autosize maxRows={6} {...text('alternatives')} />
          </SimpleGrid>
          <Textarea
            label="Reference solution, one step a line"
            autosize
            minRows={2}
            maxRows={8}
            {...text('reference')}
          />
          <Textarea label="Text of the model" autosize minRows={3} maxRows={12} {...text('text')} />
          {needsEndpoint && endpoints.length > 0 && (
            <Select
              label="Endpoint"
              allowDeselect={false}
              data={[...endpoints]}
              value={endpoint}
              error={errors.endpoint}
              onChange={setEndpoint}
            />
          )}
          {needsEndpoint && endpoints.length === 0 && (
            <Notice tone="warn">It asks a language model, and no endpoint is set up.</Notice>
          )}
          {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={fetching}
              disabled={needsEndpoint && endpoints.length === 0}
              data-testid="try"
            >
              Judge this text
            </Button>
          </Group>
        </Stack>
      </form>
      {judgement && !problem && (
        <Stack gap="sm" mt="md" role="status" data-testid="judgement">
          <Group gap="sm">
            <Tag
              tone={judgement.error ? 'idle' : judgement.correct ? 'good' : 'bad'}
              icon={judgement.error ? 'warn' : judgement.correct ? 'check' : 'cross'}
            >
              {judgement.error ? 'Not judged' : judgement.correct ? 'Correct' : 'Wrong'}
            </Tag>
            <span>scored {formatPercent(judgement.score, 0)}</span>
          </Group>
          <div>{judgement.error ?? ruleWords(judgement.rule)}</div>
          <MarkedText text={judged} extracted={judgement.extracted} isRight={judgement.correct} />
          <JudgeDetails details={judgement.details} />
        </Stack>
      )}
    </Section>
  );
}
