import { useSyncExternalStore } from 'react';
import { formatDate } from '../lib/format.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Section } from '../ui/Section.tsx';
import { Clip, Table } from '../ui/Table.tsx';
import type { EventStore } from './eventStore.ts';

const words = (kind: string) => kind.toLowerCase().replaceAll('_', ' ');
const NEWEST = 500;

export function EventsTab(props: { events: EventStore }) {
  const events = useSyncExternalStore(props.events.subscribe, props.events.snapshot);
  if (events.length === 0) {
    return (
      <Section>
        <EmptyState title="No events yet">
          Every change of the run is an event row: queued, claimed, checkpoint, completed.
        </EmptyState>
      </Section>
    );
  }
  return (
    <Section
      title={`${events.length} events, newest first`}
      aside={events.length > NEWEST && `the newest ${NEWEST} are shown`}
      flush
    >
      <Table
        caption="Events"
        testId="events-table"
        columns={[
          { name: 'Seq', numeric: true },
          { name: 'Event' },
          { name: 'Attempt', numeric: true, wide: true },
          { name: 'Data' },
          { name: 'At', wide: true },
        ]}
      >
        <tbody>
          {events
            .slice(-NEWEST)
            .toReversed()
            .map((event) => (
              <tr key={event.seq}>
                <td data-numeric>{event.seq}</td>
                <td>{words(event.kind)}</td>
                <td data-numeric data-wide>
                  {event.attempt}
                </td>
                <td>
                  <Clip title={JSON.stringify(event.data)}>
                    <Mono>{JSON.stringify(event.data)}</Mono>
                  </Clip>
                </td>
                <td data-wide style={{ whiteSpace: 'nowrap' }}>
                  {formatDate(event.at)}
                </td>
              </tr>
            ))}
        </tbody>
      </Table>
    </Section>
  );
}
