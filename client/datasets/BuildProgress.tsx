import { Stack, Text } from '@mantine/core';
import { formatCount } from '../lib/format.ts';
import { Meter } from '../ui/Meter.tsx';
import type { Progress } from './useBuild.ts';

/** How far a build is, as the server tells it. */
export function BuildProgress(props: { progress: Progress }) {
  const { phase, done, total } = props.progress;
  if (phase === 'FAILED' || phase === 'COMPLETED') return null;
  return (
    <Stack gap={6} data-testid="build-progress">
      <Text size="sm" role="status">
        {phase === 'SELECTING' || total === null
          ? 'Selecting traces…'
          : `${formatCount(done)} of ${formatCount(total)} items written`}
      </Text>
      <Meter label="Build" percent={total ? (100 * done) / total : 0} />
    </Stack>
  );
}
