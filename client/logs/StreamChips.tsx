import { Chip, Group } from '@mantine/core';
import type { LogStream } from '../gql/graphql.ts';
import { formatCount } from '../lib/format.ts';

const STREAMS = ['STDOUT', 'STDERR', 'SYSTEM'] as const satisfies readonly LogStream[];

/** The streams a URL names; undefined for all of them, and for words that are none. */
export function parseStreams(text: string | undefined): readonly LogStream[] | undefined {
  const words = (text ?? '').toUpperCase().split(',');
  const named = STREAMS.filter((stream) => words.includes(stream));
  return named.length === 0 || named.length === STREAMS.length ? undefined : named;
}

export const formatStreams = (streams: readonly string[]): string | undefined =>
  streams.length === 0 || streams.length === STREAMS.length
    ? undefined
    : streams.join(',').toLowerCase();

/** Which streams are listed, with how many lines each has. */
export function StreamChips(props: {
  shown: readonly LogStream[] | undefined;
  counts: Readonly<Record<LogStream, number>>;
  onChange: (text: string | undefined) => void;
}) {
  const { counts } = props;
  return (
    <Chip.Group
      multiple
      value={[...(props.shown ?? STREAMS)]}
      onChange={(streams) => props.onChange(formatStreams(streams))}
    >
      <Group gap={6}>
        {STREAMS.filter((one) => counts[one] > 0 || props.shown?.includes(one)).map((stream) => (
          <Chip key={stream} value={stream} size="xs" variant="light">
            {stream.toLowerCase()} {formatCount(counts[stream])}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
