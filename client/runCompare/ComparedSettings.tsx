import { Checkbox, Text } from '@mantine/core';
import { useUrlState } from '../lib/url.ts';
import { Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';
import { ComparedTable, type ComparedTableRow } from './ComparedTable.tsx';
import type { ComparedRun } from './comparedRuns.ts';
import {
  allSettings,
  groupSettings,
  isEqualEverywhere,
  type Setting,
  settingName,
  settingText,
} from './settings.ts';

const toRows = (settings: readonly Setting[]): ComparedTableRow[] =>
  groupSettings(settings).flatMap(({ name, settings: members }) =>
    members.map((setting, index) => ({
      key: setting.path,
      name: <span title={setting.path}>{settingName(setting)}</span>,
      cells: setting.values.map((value, column) => <Mono key={column}>{settingText(value)}</Mono>),
      isSame: isEqualEverywhere(setting),
      ...(index === 0 && { group: name }),
    })),
  );

/** What was set differently, or everything that was set. */
export function ComparedSettings(props: {
  runs: readonly ComparedRun[];
  differences: readonly { path: string; values: readonly unknown[] | null }[];
}) {
  const { runs } = props;
  const [url, setUrl] = useUrlState('settings');
  const showsAll = url.settings === 'all';
  const differences = props.differences.map(({ path, values }) => ({ path, values: values ?? [] }));
  const named = new Set(differences.map(({ path }) => path));
  const others = allSettings(runs.map(({ config }) => config)).filter(
    ({ path }) => !named.has(path),
  );
  const settings = showsAll ? [...differences, ...others] : differences;
  return (
    <Section
      title="Settings"
      flush
      testId="compared-settings"
      aside={
        <Checkbox
          size="xs"
          label="Also what is the same"
          checked={showsAll}
          onChange={(event) =>
            setUrl({ settings: event.currentTarget.checked ? 'all' : undefined })
          }
        />
      }
    >
      {settings.length > 0 ? (
        <ComparedTable caption="Settings" runs={runs} rows={toRows(settings)} />
      ) : (
        <Text size="sm" c="dimmed" p="md">
          Nothing was set differently: what differs between these runs is chance, or the machine.
        </Text>
      )}
    </Section>
  );
}
