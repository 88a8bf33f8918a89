import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { SourceButton } from './SourceButton.tsx';

/** Title, one sentence, actions; sets the document's title too. */
export function Page(props: {
  title: string;
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Tunix RT`;
  }, [props.title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0} flex="1 1 260px">
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {props.heading ?? props.title}
          </Title>
          {props.description && (
            <Text c="dimmed" size="md" mt={2} component="div">
              {props.description}
            </Text>
          )}
        </Box>
        <Group gap="xs">
          {props.actions}
          <SourceButton />
        </Group>
      </Group>
      {props.children}
    </Stack>
  );
}
