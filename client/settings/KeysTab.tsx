import { Button, Stack } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useViewer } from '../lib/viewer.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import { KeyRows, KeyRows_Query } from './KeyRows.tsx';

const CreateKeyDialog = lazy(async () => ({
  default: (await import('./CreateKeyDialog.tsx')).CreateKeyDialog,
}));

const call = (origin: string) => `curl ${origin}/graphql \\
  -H 'content-type: application/json' \\
  -d '{"query": "{ overview { traceCount runCount } }"}'`;

/** The secrets by which programs come in. */
export function KeysTab() {
  const viewer = useViewer();
  const [isCreating, setCreating] = useState(false);
  if (viewer?.authRequired === false) {
    return (
      <Section testId="no-keys">
        <EmptyState title="No key is needed here" api={call(location.origin)}>
          Programs that reach this port may do everything. Keys come with members, once the server
          runs with <Mono>AUTH=on</Mono>.
        </EmptyState>
      </Section>
    );
  }
  return (
    <Stack gap="lg">
      <Section
        title={viewer?.scopes.has('ADMIN') ? 'API keys of everybody' : 'Your API keys'}
        source={KeyRows_Query}
        flush
        testId="keys"
        aside={
          <Button
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => setCreating(true)}
            data-testid="create-key"
          >
            Create a key
          </Button>
        }
      >
        <KeyRows />
      </Section>
      <Suspense>{isCreating && <CreateKeyDialog onClose={() => setCreating(false)} />}</Suspense>
    </Stack>
  );
}
