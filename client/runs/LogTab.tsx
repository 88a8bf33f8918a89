import { ActionIcon, Button, Chip, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import { useState, useSyncExternalStore } from 'react';
import type { LogStream } from '../gql/graphql.ts';
import { plural } from '../lib/format.ts';
import { serverPaths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { LogLines } from './LogLines.tsx';
import { LogStateChip } from './LogStateChip.tsx';
import css from './LogTab.module.css';
import { LogView } from './logStore.ts';
import { useRunLog } from './useRunLog.ts';

const STREAMS: readonly [LogStream, string][] = [
  ['STDOUT', 'stdout'],
  ['STDERR', 'stderr'],
  ['SYSTEM', 'system'],
];

export function LogTab(props: { runId: string; number: number }) {
  const log = useRunLog(props.runId);
  useSyncExternalStore(log.subscribe, log.snapshot);
  const [streams, setStreams] = useState<string[]>(STREAMS.map(([stream]) => stream));
  const [wrap, setWrap] = useLocalStorage({ key: 'tunix-rt-log-wrap', defaultValue: true });
  const [needle, setNeedle] = useState('');
  const [wanted] = useDebouncedValue(needle.trim(), 150);
  const [at, setAt] = useState(0);

  const shown = new Set(STREAMS.map(([stream]) => stream).filter((s) => streams.includes(s)));
  const view = new LogView(log.batches, shown);
  const found = view.find(wanted);
  const current = found.length > 0 ? found[at % found.length] : undefined;
  const step = (by: number) => setAt((at + by + found.length) % Math.max(1, found.length));

  return (
    <Section flush testId="log-viewer">
      <div className={css.bar}>
        <LogStateChip log={log} />
        <Chip.Group multiple value={streams} onChange={setStreams}>
          <Group gap={6}>
            {STREAMS.map(([stream, name]) => (
              <Chip key={stream} value={stream} size="xs" variant="light">
                {name}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Chip size="xs" variant="light" checked={wrap} onChange={setWrap}>
          wrap
        </Chip>
        <div className={css.grow} />
        <TextInput
          size="xs"
          w={190}
          aria-label="Search in the loaded lines"
          placeholder="Search loaded lines"
          leftSection={<Icon name="search" size={13} />}
          value={needle}
          onChange={(event) => {
            setNeedle(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          }}
        />
        {wanted && (
          <Group gap={4}>
            <Text size="xs" c="dimmed" role="status">
              {found.length === 0 ? 'no match' : `${(at % found.length) + 1}/${found.length}`}
            </Text>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label="Next match"
              disabled={found.length === 0}
              onClick={() => step(1)}
            >
              <Icon name="down" size={13} />
            </ActionIcon>
          </Group>
        )}
        <Button
          component="a"
          href={serverPaths.exportLog(props.number)}
          download
          size="compact-xs"
          variant="default"
          leftSection={<Icon name="download" size={12} />}
        >
          Raw
        </Button>
      </div>
      {log.phase === 'failed' && (
        <Notice tone="bad" title="The log could not be read to its end">
          {log.error}
        </Notice>
      )}
      {log.holes.map((hole) => (
        <Notice key={hole.from} tone="warn">
          Lines {hole.from} to {hole.to} did not arrive. Reload the page to read them again.
        </Notice>
      ))}
      <LogLines view={view} found={found} current={current} wrap={wrap} />
      <Text size="xs" c="dimmed" px="sm" py={6}>
        {plural(view.count, 'line')} shown
        {view.count < log.lineCount && ` of ${log.lineCount}`}
      </Text>
    </Section>
  );
}
