import { Stack } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

const ConfigTab_Run = graphql(`
  fragment ConfigTab_Run on Run {
    id
    config
    configHash
    manifest
    parent {
      id
      number
    }
    configDifferences {
      path
      values
    }
    attempts {
      attempt
      runtime
    }
  }
`);

/** A setting as one line; what a run does not have is a dash. */
const valueText = (value: unknown) =>
  value === null || value === undefined ? '–' : JSON.stringify(value);

/** What ran: against its parent, with every default, and as Tunix got it. */
export function ConfigTab(props: { run: FragmentType<typeof ConfigTab_Run> }) {
  const run = read(ConfigTab_Run, props.run);
  const { parent } = run;
  return (
    <Stack gap="lg">
      {parent && (
        <Section
          title={
            <>
              Against <TextLink to={paths.run(parent.number, 'config')}>#{parent.number}</TextLink>
            </>
          }
          flush={run.configDifferences.length > 0}
          testId="config-diff"
        >
          {run.configDifferences.length === 0 ? (
            'The configuration is the same.'
          ) : (
            <Table
              caption="What differs from the parent"
              columns={[{ name: 'Setting' }, { name: `#${parent.number}` }, { name: 'This run' }]}
            >
              <tbody>
                {run.configDifferences.map(({ path, values = [] }) => (
                  <tr key={path}>
                    <td>
                      <Mono>{path}</Mono>
                    </td>
                    <td style={{ overflowWrap: 'anywhere' }}>
                      <Mono>
                        <PlainText>{valueText(values?.[0])}</PlainText>
                      </Mono>
                    </td>
                    <td style={{ overflowWrap: 'anywhere' }}>
                      <Mono>
                        <PlainText>{valueText(values?.[1])}</PlainText>
                      </Mono>
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
          )}
        </Section>
      )}
      <Section title="Resolved configuration" aside={<Mono>{run.configHash}</Mono>}>
        <Code label="resolved configuration">{asJson(run.config)}</Code>
      </Section>
      <Section title="As Tunix gets it">
        <Code label="manifest">{run.manifest}</Code>
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
