import { Button, Stack } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useViewer } from '../lib/viewer.ts';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import { Invitations, Invitations_Query } from './Invitations.tsx';
import { MemberRows, MemberRows_Query } from './MemberRows.tsx';
import { ShareServer } from './ShareServer.tsx';

const InviteDialog = lazy(async () => ({
  default: (await import('./InviteDialog.tsx')).InviteDialog,
}));

/** Who may do what here, and who has been asked to come. */
export function MembersTab() {
  const viewer = useViewer();
  const [isInviting, setInviting] = useState(false);
  if (viewer?.authRequired === false) return <ShareServer />;
  return (
    <Stack gap="lg">
      <Section
        title="Members"
        source={MemberRows_Query}
        flush
        testId="members"
        aside={
          <Button
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => setInviting(true)}
            data-testid="invite"
          >
            Invite
          </Button>
        }
      >
        <MemberRows />
      </Section>
      <Section title="Invitations" source={Invitations_Query} flush testId="invitations">
        <Invitations />
      </Section>
      <Suspense>{isInviting && <InviteDialog onClose={() => setInviting(false)} />}</Suspense>
    </Stack>
  );
}
