import { Stack, Text } from '@mantine/core';
import { Code, Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';

const START = `AUTH=on npm start
# prints once: Open http://127.0.0.1:4000/invitation?token=…`;

/** How a server for one becomes a server for several. */
export function ShareServer() {
  return (
    <Section title="Share this server" testId="share-server">
      <Stack gap="sm">
        <Text size="sm">
          Nobody has to sign in now, so the server listens to this machine only. To share it, start
          it with <Mono>AUTH=on</Mono>: it prints a link that makes the first administrator, who
          invites the others here.
        </Text>
        <Code label="command">{START}</Code>
        <Text size="xs" c="dimmed">
          With <Mono>HOST=0.0.0.0</Mono> other machines reach it; put a proxy with a certificate in
          front and name its address in <Mono>PUBLIC_URL</Mono>, so that links and cookies are
          right. Nothing that is stored changes.
        </Text>
      </Stack>
    </Section>
  );
}
