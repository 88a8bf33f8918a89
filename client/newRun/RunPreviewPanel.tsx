import { Stack } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural, shellLine, shortHash } from '../lib/format.ts';
import { WarningList } from '../runs/WarningList.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { PlacementPanel } from './PlacementPanel.tsx';
import { estimated, lengthWords, parameterWords, tokenWords } from './previewWords.ts';

const RunPreviewPanel_RunPreview = graphql(`
  fragment RunPreviewPanel_RunPreview on RunPreview {
    config
    configHash
    manifest
    command
    trainItems
    evalItems
    testItems
    stepsPerEpoch
    totalSteps
    estimate {
      parameters
      trainableParameters
      memoryBytes
      checkpointBytes
      diskBytes
      loraModules
    }
    lengths {
      items
      longest
      tooLong
      source
    }
    placement {
      ...PlacementPanel_RunPlacement
    }
    warnings {
      code
      ...WarningList_RunWarning
    }
  }
`);

export function RunPreviewPanel(props: {
  preview: FragmentType<typeof RunPreviewPanel_RunPreview> | undefined;
  fresh: boolean;
  acknowledged: readonly string[];
  onAcknowledge: (code: string, yes: boolean) => void;
}) {
  const preview = read(RunPreviewPanel_RunPreview, props.preview);
  if (!preview) {
    return (
      <Section title="Preview">
        The resolved configuration and the exact command appear here as soon as the form is valid.
      </Section>
    );
  }
  return (
    <Stack gap="lg" style={{ opacity: props.fresh ? 1 : 0.6, transition: 'opacity 120ms' }}>
      <Section
        title="Preview"
        testId="run-preview"
        aside={
          <Tag tone={props.fresh ? 'good' : 'idle'} icon={props.fresh ? 'check' : 'clock'}>
            {props.fresh ? 'Valid' : 'Checking'}
          </Tag>
        }
      >
        <Facts
          of={[
            [
              'Steps',
              `${formatCount(preview.totalSteps)} (${formatCount(preview.stepsPerEpoch)} per epoch)`,
            ],
            [
              'Items',
              `${plural(preview.trainItems, 'train item')}, ${preview.evalItems} eval, ${preview.testItems} to judge`,
            ],
            ['Lengths', preview.lengths && lengthWords(preview.lengths)],
            ['Tokens', preview.lengths && tokenWords(preview)],
            ['Parameters', parameterWords(preview.estimate)],
            ['LoRA modules', preview.estimate.loraModules],
            ['Memory', estimated(preview.estimate.memoryBytes)],
            ['Checkpoint', estimated(preview.estimate.checkpointBytes)],
            ['Disk', estimated(preview.estimate.diskBytes)],
            ['Digest', <Mono key="hash">{shortHash(preview.configHash)}</Mono>],
          ]}
        />
      </Section>
      <PlacementPanel placement={preview.placement} />
      {preview.warnings.length > 0 && (
        <Section title="Warnings to acknowledge">
          <WarningList
            warnings={preview.warnings}
            acknowledged={props.acknowledged}
            onAcknowledge={props.onAcknowledge}
          />
        </Section>
      )}
      <Section title="Exact command">
        <Code label="command" wrap>
          {shellLine(preview.command)}
        </Code>
      </Section>
      <Section title="Manifest for Tunix (YAML)">
        <Code label="manifest" maxHeight={280}>
          {preview.manifest}
        </Code>
      </Section>
      <Section title="Resolved configuration">
        <Code label="resolved configuration" maxHeight={280}>
          {asJson(preview.config)}
        </Code>
      </Section>
    </Stack>
  );
}
