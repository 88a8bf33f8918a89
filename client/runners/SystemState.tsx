import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';

const SystemState_Query = graphql(`
  fragment SystemState_Query on Query {
    tunixStatus {
      available
      version
      message
      pythonVersion
    }
    health {
      version
      parts {
        name
        ok
        message
      }
    }
  }
`);

/** What the runners execute, and how the parts of the server are. */
export function SystemState(props: { state: FragmentType<typeof SystemState_Query> }) {
  const { tunixStatus, health } = read(SystemState_Query, props.state);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Section title="Tunix">
        <Facts
          of={[
            ['State', tunixStatus.available ? 'available' : 'not available'],
            ['Version', tunixStatus.version],
            ['Python', tunixStatus.pythonVersion],
            ['Says', tunixStatus.message],
          ]}
        />
      </Section>
      <Section title={`Server ${health.version}`}>
        <Stack gap={8}>
          {health.parts.map((part) => (
            <Group key={part.name} gap="sm" wrap="nowrap">
              <Tag tone={part.ok ? 'good' : 'bad'} icon={part.ok ? 'check' : 'cross'}>
                {part.name}
              </Tag>
              <Text size="sm" c="dimmed">
                <Ticked text={part.message} />
              </Text>
            </Group>
          ))}
        </Stack>
      </Section>
    </SimpleGrid>
  );
}
