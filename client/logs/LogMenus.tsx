import { Button, Menu, Text } from '@mantine/core';
import { formatCount } from '../lib/format.ts';
import { serverPaths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import type { LogAttempt } from './logRow.ts';
import { TIME_MODES, type TimeMode } from './rowTime.ts';

/** Jumps to where an attempt begins; nothing when there was only one. */
export function AttemptMenu(props: {
  attempts: readonly LogAttempt[];
  onJump: (attempt: LogAttempt) => void;
}) {
  if (props.attempts.length < 2) return null;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="compact-xs" variant="default" data-testid="log-attempts">
          {props.attempts.length} attempts
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {props.attempts.map((one) => (
          <Menu.Item key={one.attempt} onClick={() => props.onJump(one)}>
            <Text size="sm">Attempt {one.attempt}</Text>
            <Text size="xs" c="dimmed">
              {one.lastSeq < one.firstSeq
                ? 'no lines'
                : `lines ${formatCount(one.firstSeq)}–${formatCount(one.lastSeq)}`}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const TIME_WORDS: Record<TimeMode, string> = {
  hidden: 'No times',
  relative: 'Time since the start',
  absolute: 'Time of day',
};

/** How the lines are shown. */
export function ViewMenu(props: {
  wrap: boolean;
  time: TimeMode;
  onWrap: (wrap: boolean) => void;
  onTime: (time: TimeMode) => void;
}) {
  const tick = (isOn: boolean) => (isOn ? <Icon name="check" size={13} /> : <span />);
  return (
    <Menu position="bottom-end" withinPortal closeOnItemClick={false}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" data-testid="log-view">
          View
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={props.wrap}
          rightSection={tick(props.wrap)}
          onClick={() => props.onWrap(!props.wrap)}
        >
          Wrap long lines
        </Menu.Item>
        <Menu.Divider />
        {TIME_MODES.map((mode) => (
          <Menu.Item
            key={mode}
            role="menuitemradio"
            aria-checked={mode === props.time}
            rightSection={tick(mode === props.time)}
            onClick={() => props.onTime(mode)}
          >
            {TIME_WORDS[mode]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The whole log as a file, or one attempt or one stream of it. */
export function DownloadMenu(props: { number: number; attempts: readonly LogAttempt[] }) {
  const { number, attempts } = props;
  const item = (label: string, query: Parameters<typeof serverPaths.exportLog>[1]) => (
    <Menu.Item key={label} component="a" href={serverPaths.exportLog(number, query)} download>
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Icon name="download" size={12} />}
          data-testid="log-download"
        >
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {item('The whole log', {})}
        {attempts.map(({ attempt }) => item(`Attempt ${attempt}`, { attempt }))}
        <Menu.Divider />
        {['stdout', 'stderr', 'system'].map((stream) => item(`Only ${stream}`, { stream }))}
      </Menu.Dropdown>
    </Menu>
  );
}
