import { Button, Stack, Text } from '@mantine/core';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Notice } from '../ui/Notice.tsx';
import type { ExcludedFindings } from './useExcludedFindings.ts';

/** What a next version leaves out: findings of its parent, and what the parent left out before. */
export function ExcludeNotice(props: {
  parentKey: string;
  kept: number;
  findings: ExcludedFindings;
  onClear: () => void;
}) {
  const { parentKey, kept, findings, onClear } = props;
  const { count, isReading, error } = findings;
  if (count === 0 && kept === 0 && !isReading && !error) return null;
  return (
    <Notice tone={error ? 'bad' : 'info'} title="Left out" testId="exclude-notice">
      <Stack gap={6} align="flex-start">
        {error && <Text size="sm">The findings could not be read: {error}</Text>}
        {isReading && (
          <Text size="sm" role="status">
            Counting findings…
          </Text>
        )}
        {count > 0 && (
          <Text size="sm">
            The items of {plural(count, 'finding')} of{' '}
            <TextLink to={paths.dataset(parentKey, { tab: 'checks' })} mono>
              {parentKey}
            </TextLink>
          </Text>
        )}
        {kept > 0 && (
          <Text size="sm">
            {plural(kept, 'trace')} that {parentKey} left out already.
          </Text>
        )}
        {(count > 0 || error) && (
          <Button size="compact-sm" variant="default" onClick={onClear}>
            Leave no findings out
          </Button>
        )}
      </Stack>
    </Notice>
  );
}
