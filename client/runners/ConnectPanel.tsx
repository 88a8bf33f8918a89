import { Button, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { TextLink } from '../lib/TextLink.tsx';
import { useViewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Code } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { deviceText, type NewRunner, runnerCommand } from './runnerWords.ts';

type Connected = {
  id: string;
  name: string;
  devices: readonly { kind: string; platform: string; memoryBytes: string | null }[];
};

function Waiting(props: { came: Connected | undefined }) {
  const { came } = props;
  if (!came) {
    return (
      <Tag tone="info" icon="spin" busy testId="connect-state">
        Waiting for it to be heard of
      </Tag>
    );
  }
  // Empty before its first run, which makes its environment.
  const about = deviceText(came.devices);
  return (
    <Tag tone="good" icon="check" testId="connect-state">
      Connected: {came.name}
      {about && `, ${about}`}
    </Tag>
  );
}

/** The command for one more runner; waits until one that was not there is heard of. */
export function ConnectPanel(props: { online: readonly Connected[]; onClose: () => void }) {
  const { online } = props;
  const [before] = useState(() => new Set(online.map(({ id }) => id)));
  const needsKey = useViewer()?.authRequired === true;
  const [form, setForm] = useState<NewRunner>({ name: '', labels: '', slots: '1', place: 'HERE' });
  const set = (part: Partial<NewRunner>) => setForm({ ...form, ...part });
  return (
    <Section
      source={null}
      title="Connect a runner"
      testId="connect-panel"
      aside={
        <Button size="compact-sm" variant="subtle" color="gray" onClick={props.onClose}>
          Close
        </Button>
      }
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="Where it runs"
          value={form.place}
          onChange={(place) => set({ place })}
          data={[
            { value: 'HERE', label: 'On this machine' },
            { value: 'ELSEWHERE', label: 'On another machine' },
          ]}
        />
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <TextInput
            label="Name"
            placeholder="the name of its host"
            maxLength={128}
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Labels"
            placeholder="gpu, h200"
            value={form.labels}
            onChange={(event) => set({ labels: event.currentTarget.value })}
          />
          <TextInput
            label="Runs side by side"
            inputMode="numeric"
            value={form.slots}
            error={/^[1-9]\d?$/.test(form.slots) ? undefined : 'Write 1 to 64'}
            onChange={(event) => set({ slots: event.currentTarget.value })}
          />
        </SimpleGrid>
        <Code label="command" wrap>
          {runnerCommand({ ...form, needsKey })}
        </Code>
        <Text size="xs" c="dimmed">
          {form.place === 'HERE'
            ? 'In the folder of Tunix RT, beside npm start with its own database.'
            : 'In a copy of Tunix RT of the same version. Fill in the database of the server, where npm run migrate -- --roles makes the role tunix_rt_runner, and the folder that both see; with ARTIFACT_STORE=s3 the settings of the store instead.'}
        </Text>
        {needsKey && (
          <Text size="xs" c="dimmed">
            Fill in a <TextLink to={paths.settings('keys')}>key</TextLink> with the scope RUNNER,
            one for each runner, so that it can be revoked by itself.
          </Text>
        )}
        <div role="status">
          <Waiting came={online.find(({ id }) => !before.has(id))} />
        </div>
      </Stack>
    </Section>
  );
}
