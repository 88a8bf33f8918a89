import { Stack, Text } from '@mantine/core';
import { Fragment } from 'react';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatBytes, formatCount, formatPercent, plural } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { Ago } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Meter } from '../ui/Meter.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

const StorageTab_Query = graphql(`
  query StorageTab_Query {
    storage {
      totalBytes
      parts {
        kind
        name
        bytes
        rows
        oldestAt
        retentionDays
        setting
      }
    }
  }
`);

/** How long a part is kept, and what decides it. */
function Kept(props: { days: number | null; setting: string | null }) {
  const { days, setting } = props;
  return (
    <>
      {days === null ? 'for ever' : `${plural(days, 'day')} after a run`}
      {setting && (
        <Text size="xs" c="dimmed">
          <Mono>
            {setting.split('_').map((word, i) => (
              <Fragment key={word}>
                {i > 0 && '_'}
                {i > 0 && <wbr />}
                {word}
              </Fragment>
            ))}
          </Mono>
        </Text>
      )}
    </>
  );
}

/** How much is stored of each kind, the largest first, and for how long. */
export function StorageTab() {
  const { data, error, refetch } = usePartQuery({ query: StorageTab_Query });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data) return <LoadingRows />;
  const total = Number(data.storage.totalBytes);
  const parts = data.storage.parts.toSorted((a, b) => Number(b.bytes) - Number(a.bytes));
  const largest = Math.max(1, Number(parts[0]?.bytes ?? 0));
  return (
    <Stack gap="md">
      <Section
        source={StorageTab_Query}
        title="Stored"
        flush
        aside={<b>{formatBytes(total)}</b>}
        testId="storage"
      >
        <Table
          caption="Storage by kind"
          columns={[
            { name: 'What' },
            { name: 'Size', numeric: true },
            { name: 'Share', wide: true },
            { name: 'How many', numeric: true, wide: true },
            { name: 'Oldest', numeric: true, wide: true },
            { name: 'Kept' },
          ]}
        >
          <tbody>
            {parts.map((part) => {
              const bytes = Number(part.bytes);
              return (
                <tr key={part.kind}>
                  <td>{part.name}</td>
                  <td data-numeric>{formatBytes(bytes)}</td>
                  <td
                    data-wide
                    style={{ minWidth: 140 }}
                    title={`${formatPercent(total > 0 ? bytes / total : 0)} of all`}
                  >
                    <Meter percent={(bytes / largest) * 100} label={`Share of ${part.name}`} />
                  </td>
                  <td data-numeric data-wide>
                    {formatCount(Number(part.rows))}
                  </td>
                  <td data-numeric data-wide>
                    {part.oldestAt ? <Ago at={part.oldestAt} /> : '–'}
                  </td>
                  <td>
                    <Kept days={part.retentionDays} setting={part.setting} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      </Section>
      <Text size="xs" c="dimmed">
        Bytes of the database with its indexes, and each file of the artifact store once. The
        numbers of rows are estimates of the database. Settings are environment variables of the
        server.
      </Text>
    </Stack>
  );
}
