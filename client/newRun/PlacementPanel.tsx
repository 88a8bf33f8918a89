import { Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';

const PlacementPanel_RunPlacement = graphql(`
  fragment PlacementPanel_RunPlacement on RunPlacement {
    labels
    runners {
      id
      name
    }
    startsNow
    reasons {
      code
      message
    }
  }
`);

/** Which runners may take the run, and whether one would at once. */
export function PlacementPanel(props: {
  placement: FragmentType<typeof PlacementPanel_RunPlacement>;
}) {
  const { labels, runners, startsNow, reasons } = read(
    PlacementPanel_RunPlacement,
    props.placement,
  );
  const names = runners.map(({ name }) => name).join(', ');
  const needs = labels.length > 0 ? ` with ${labels.join(', ')}` : '';
  return (
    <Section
      title="Placement"
      testId="placement"
      aside={
        <Tag tone={startsNow ? 'good' : 'warn'} icon={startsNow ? 'check' : 'clock'}>
          {startsNow ? 'Starts now' : 'Will wait'}
        </Tag>
      }
    >
      <Text size="sm">
        {runners.length > 0
          ? `Matches ${names}${startsNow ? ', starts now.' : '.'}`
          : `No runner${needs} is online.`}
      </Text>
      {reasons.map(({ code, message }) => (
        <Text key={code} size="sm" c="dimmed">
          <Ticked text={message} />
        </Text>
      ))}
    </Section>
  );
}
