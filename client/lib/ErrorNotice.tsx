import { Button, CopyButton, Group, Stack } from '@mantine/core';
import { Facts } from '../ui/Facts.tsx';
import { Notice } from '../ui/Notice.tsx';
import { describeError } from './describeError.ts';

/** What went wrong, what a maintainer needs to find it, and another try. */
export function ErrorNotice(props: { error: unknown; onRetry: () => void; testId?: string }) {
  const { message, detail, code, requestId } = describeError(props.error);
  const facts = [
    ['Code', code],
    ['Request', requestId],
    ['Detail', detail],
  ] as const;
  const report = [
    message,
    ...facts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])),
    `Page: ${location.href}`,
  ].join('\n');
  return (
    <Notice tone="bad" title={message} testId={props.testId ?? 'error-notice'}>
      <Stack gap="md">
        <Facts of={facts} />
        <Group gap="xs">
          <Button size="sm" onClick={props.onRetry}>
            Try again
          </Button>
          <CopyButton value={report}>
            {({ copied, copy }) => (
              <Button size="sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy report'}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Notice>
  );
}
