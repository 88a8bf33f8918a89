import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useViewer } from '../lib/viewer.ts';
import { serverPaths } from '../paths.ts';
import { Code } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import { curlLine, exportPath, FORMATS, manifestLine, pythonLine } from './exportLines.ts';
import { useSplit } from './useSplit.tsx';

function Download(props: { href: string; testId: string; children: ReactNode }) {
  return (
    <Button
      component="a"
      href={props.href}
      download
      size="compact-sm"
      variant="default"
      leftSection={<Icon name="download" size={13} />}
      data-testid={props.testId}
    >
      {props.children}
    </Button>
  );
}

/** Every format of every side, to download here or to fetch from elsewhere. */
export function ExportTab(props: { datasetKey: string }) {
  const key = props.datasetKey;
  const { split, control } = useSplit();
  const authRequired = useViewer()?.authRequired ?? false;
  const place = { origin: location.origin, authRequired };
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 220px">
          One JSON object per line, in the order of the dataset, the same bytes each time.
        </Text>
        {control}
      </Group>
      {FORMATS.map(([format, name, what]) => {
        const of = { key, format, split };
        return (
          <Section
            source={null}
            key={format}
            title={name}
            aside={
              <Download href={exportPath(of)} testId={`export-${format}`}>
                Download
              </Download>
            }
          >
            <Stack gap="xs">
              <Text size="xs" c="dimmed">
                {what}
              </Text>
              <Code label={`curl line for ${name}`} wrap>
                {curlLine(place, of)}
              </Code>
              <Code label={`Python lines for ${name}`} wrap>
                {pythonLine(place, of)}
              </Code>
            </Stack>
          </Section>
        );
      })}
      <Section
        source={null}
        title="Manifest"
        aside={
          <Download href={serverPaths.exportManifest(key)} testId="export-manifest">
            Download
          </Download>
        }
      >
        <Stack gap="xs">
          <Text size="xs" c="dimmed">
            recipe, provenance, counts and hashes, to keep beside the data
          </Text>
          <Code label="curl line for the manifest" wrap>
            {manifestLine(place, key)}
          </Code>
        </Stack>
      </Section>
    </Stack>
  );
}
