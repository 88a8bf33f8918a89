import { Stack, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Code } from '../ui/Code.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './FailurePanel.module.css';
import { isFinal, RunStatusBadge } from './RunStatusBadge.tsx';

const FailurePanel_Run = graphql(`
  fragment FailurePanel_Run on Run {
    id
    number
    status
    error
    failure {
      code
      title
      remedy
      detail
      similarCount
      similarRuns(first: 5) {
        id
        number
        name
        createdAt
        ...RunStatusBadge_Run
      }
    }
  }
`);

/** What the status says already. */
const ASKED_FOR = 'Cancelled.';

/** Why a run ended badly, what to do about it, and which others ended the same way. */
export function FailurePanel(props: { run: FragmentType<typeof FailurePanel_Run> }) {
  const run = read(FailurePanel_Run, props.run);
  const { failure } = run;
  if (!failure) {
    if (!run.error || run.error === ASKED_FOR) return null;
    return (
      <Notice
        tone={run.status === 'CANCELLED' ? 'warn' : 'bad'}
        title={isFinal(run.status) ? 'Why it ended' : 'Last error'}
      >
        {run.error}
      </Notice>
    );
  }
  return (
    <Section title={failure.title} testId="failure">
      <Stack gap="sm">
        <Text size="sm" fw={550}>
          <Ticked text={failure.remedy} />
        </Text>
        {run.error && run.error !== failure.detail && (
          <Text size="sm">
            <Ticked text={run.error} />
          </Text>
        )}
        {failure.detail && (
          <Code label="the deciding line" wrap>
            {failure.detail}
          </Code>
        )}
        {failure.similarCount > 0 && (
          <div>
            <Text size="sm" c="dimmed" mb={6}>
              {plural(failure.similarCount, 'other run')} ended the same way
            </Text>
            <ul className={css.similar}>
              {failure.similarRuns.map((other) => (
                <li key={other.id}>
                  <TextLink to={paths.run(other.number)}>
                    #{other.number}
                    {other.name ? ` ${other.name}` : ''}
                  </TextLink>
                  <RunStatusBadge run={other} />
                  <Text size="xs" c="dimmed" span>
                    <Ago at={other.createdAt} />
                  </Text>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </Section>
  );
}
