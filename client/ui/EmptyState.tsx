import { Box, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Code } from './Code.tsx';

/** What this is, the one thing to do, and how the API does the same. */
export function EmptyState(props: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
  api?: string;
}) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center" data-testid="empty-state">
      <Title order={2}>{props.title}</Title>
      <Text c="dimmed" maw={460} component="div">
        {props.children}
      </Text>
      {props.action}
      {props.api && (
        <Box w="100%" maw={560} mt="xs">
          <Text size="xs" c="dimmed" mb={4} ta="left">
            The same by the API
          </Text>
          <Code label="GraphQL example">{props.api}</Code>
        </Box>
      )}
    </Stack>
  );
}
