import { Chip, Group } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { formatDate, plural } from '../lib/format.ts';
import { useUrlState } from '../lib/url.ts';
import { asJson, Code } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import css from './EventsTab.module.css';
import type { EventStore, RunEventLine } from './eventStore.ts';
import { eventWords } from './eventWords.ts';
import { RunStream_Events } from './useRunStream.ts';

const NEWEST = 500;

const hasData = ({ data }: RunEventLine) =>
  typeof data === 'object' && data !== null && Object.keys(data).length > 0;

/** What happened to the run, newest first, in sentences; the data of each are one click away. */
export function EventsTab(props: { events: EventStore; attempt: number | undefined }) {
  const all = useSyncExternalStore(props.events.subscribe, props.events.snapshot);
  const [url, setUrl] = useUrlState('kind');
  const events = all
    .filter((event) => props.attempt === undefined || event.attempt === props.attempt)
    .filter((event) => !url.kind || event.kind === url.kind);
  if (all.length === 0) {
    return (
      <Section>
        <EmptyState title="No events yet">
          Every change of the run is an event row: queued, claimed, checkpoint, completed.
        </EmptyState>
      </Section>
    );
  }
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  return (
    <Section
      source={RunStream_Events}
      title={`${plural(events.length, 'event')}, newest first`}
      aside={events.length > NEWEST && `the newest ${NEWEST} are shown`}
      flush
    >
      <Group gap={6} p="xs">
        {kinds.map((kind) => (
          <Chip
            key={kind}
            size="xs"
            variant="light"
            checked={url.kind === kind}
            onChange={(isOn) => setUrl({ kind: isOn ? kind : undefined })}
          >
            {kind.toLowerCase().replaceAll('_', ' ')}
          </Chip>
        ))}
      </Group>
      <Table
        caption="Events"
        testId="events-table"
        columns={[
          { name: 'Seq', numeric: true, wide: true },
          { name: 'What happened' },
          { name: 'Attempt', numeric: true, wide: true },
          { name: 'At', numeric: true },
        ]}
      >
        <tbody>
          {events
            .slice(-NEWEST)
            .toReversed()
            .map((event) => (
              <tr key={event.seq}>
                <td data-numeric data-wide>
                  {event.seq}
                </td>
                <td className={css.words}>
                  {hasData(event) ? (
                    <details>
                      <summary>
                        <PlainText>{eventWords(event)}</PlainText>
                      </summary>
                      <Code label={`data of event ${event.seq}`} wrap maxHeight={260}>
                        {asJson(event.data)}
                      </Code>
                    </details>
                  ) : (
                    <PlainText>{eventWords(event)}</PlainText>
                  )}
                </td>
                <td data-numeric data-wide>
                  {event.attempt}
                </td>
                <td data-numeric>{formatDate(event.at)}</td>
              </tr>
            ))}
        </tbody>
      </Table>
    </Section>
  );
}
