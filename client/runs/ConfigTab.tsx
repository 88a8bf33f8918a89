import { Stack } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';

const ConfigTab_Run = graphql(`
  fragment ConfigTab_Run on Run {
    id
    config
    configHash
    attempts {
      attempt
      runtime
    }
  }
`);

export function ConfigTab(props: { run: FragmentType<typeof ConfigTab_Run> }) {
  const run = read(ConfigTab_Run, props.run);
  return (
    <Stack gap="lg">
      <Section title="Resolved configuration" aside={<Mono>{run.configHash}</Mono>}>
        <Code label="resolved configuration">{asJson(run.config)}</Code>
      </Section>
      {run.attempts
        .filter((attempt) => attempt.runtime)
        .map((attempt) => (
          <Section key={attempt.attempt} title={`Environment of attempt ${attempt.attempt}`}>
            <Code label={`environment of attempt ${attempt.attempt}`}>
              {asJson(attempt.runtime)}
            </Code>
          </Section>
        ))}
    </Stack>
  );
}
