import { Group, Stack, Text } from '@mantine/core';
import { DeltaInterval } from '../evaluations/DeltaInterval.tsx';
import { testWords } from '../evaluations/pairedWords.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { CheckSlices } from './CheckSlices.tsx';
import { checkNumbers } from './checkWords.ts';
import { OutcomeTag } from './OutcomeTag.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const CheckVerdict_Check = graphql(`
  fragment CheckVerdict_Check on Check {
    id
    verdict
    outcome
    reasons
    test
    delta
    deltaPercent
    baselineValue
    candidateValue
    itemCount
    worseCount
    betterCount
    pValue
    minDetectable
    createdAt
    interval {
      low
      high
    }
    baseline {
      id
      name
      revision
      evaluation {
        id
      }
    }
    evaluation {
      id
      run {
        id
        number
      }
    }
    ...CheckSlices_Check
  }
`);

/** A verdict with everything it rests on: the same wherever one is shown. */
export function CheckVerdict(props: { check: FragmentType<typeof CheckVerdict_Check> }) {
  const check = read(CheckVerdict_Check, props.check);
  const numbers = checkNumbers(check);
  return (
    <Stack gap="xs" data-testid="check-verdict">
      <Group gap="sm">
        <VerdictTag verdict={check.verdict} />
        <OutcomeTag outcome={check.outcome} />
        <Text size="xs" c="dimmed">
          run #{check.evaluation.run.number} against {check.baseline.name}, revision{' '}
          {check.baseline.revision}, <Ago at={check.createdAt} />
        </Text>
      </Group>
      {check.reasons.map((reason) => (
        <Text key={reason} size="sm">
          {reason}
        </Text>
      ))}
      {check.interval && typeof check.delta === 'number' && (
        <DeltaInterval
          delta={check.delta}
          low={check.interval.low}
          high={check.interval.high}
          words={numbers}
        />
      )}
      <Text size="xs" c="dimmed">
        {numbers} Decided by {testWords(check.test)}.
      </Text>
      {check.verdict !== 'NOT_COMPARABLE' && (
        <Text size="sm">
          <TextLink
            to={paths.compareEvaluations({
              a: check.baseline.evaluation.id,
              b: check.evaluation.id,
            })}
          >
            Compare item by item
          </TextLink>
        </Text>
      )}
      <CheckSlices check={check} />
    </Stack>
  );
}
