import { Button, Group } from '@mantine/core';
import { Notice } from '../ui/Notice.tsx';
import { describeError } from './describeError.ts';

/** What a form could not be told while it is filled in, and another try. */
export function UnansweredNotice(props: {
  title: string;
  error: unknown;
  onRetry: () => void;
  testId?: string;
}) {
  return (
    <Notice tone="warn" title={props.title} testId={props.testId ?? 'unanswered'}>
      {describeError(props.error).message}
      <Group mt="xs">
        <Button size="compact-sm" variant="default" onClick={props.onRetry}>
          Try again
        </Button>
      </Group>
    </Notice>
  );
}
