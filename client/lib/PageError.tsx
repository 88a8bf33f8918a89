import { Button, Group, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { CombinedError } from 'urql';
import { Facts } from '../ui/Facts.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';

const word = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** What a user can read and a maintainer can look up. */
function describeError(error: unknown) {
  if (error instanceof CombinedError) {
    const first = error.graphQLErrors[0];
    return {
      message: error.networkError
        ? 'The server does not answer.'
        : (first?.message ?? error.message),
      detail: error.networkError?.message,
      code: error.networkError ? 'NETWORK' : word(first?.extensions.code),
      requestId: word(first?.extensions.requestId),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, detail: undefined, code: undefined, requestId: undefined };
}

export function PageError(props: ErrorComponentProps) {
  const router = useRouter();
  const { message, detail, code, requestId } = describeError(props.error);
  const facts = [
    ['Code', code],
    ['Request', requestId],
    ['Detail', detail],
  ] as const;
  return (
    <Page title="This page could not be shown">
      <Notice tone="bad" title={message} testId="page-error">
        <Stack gap="md">
          <Facts of={facts} />
          <Group>
            <Button
              size="sm"
              onClick={() => {
                props.reset();
                void router.invalidate();
              }}
            >
              Try again
            </Button>
          </Group>
        </Stack>
      </Notice>
    </Page>
  );
}
