import { SimpleGrid, Stack, Text, VisuallyHidden } from '@mantine/core';
import { ROLE_MEANS, ROLE_NAMES, SCOPES } from '../access/roles.ts';
import { useViewer } from '../lib/viewer.ts';
import { Facts } from '../ui/Facts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import { NameForm } from './NameForm.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import css from './ProfileTab.module.css';

/** Who you are here, what you may do, and your password. */
export function ProfileTab() {
  const viewer = useViewer();
  if (!viewer?.user) return null;
  const { user, role, scopes } = viewer;
  const isAdmin = scopes.has('ADMIN');
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Stack gap="lg">
        <Section title="You" testId="profile">
          <Stack gap="md">
            {isAdmin && <NameForm user={user} />}
            <Facts
              of={[
                ['Name', !isAdmin && user.name],
                ['Email', user.email],
                ['Role', role && ROLE_NAMES[role]],
              ]}
            />
            {!isAdmin && (
              <Text size="xs" c="dimmed">
                An administrator changes name and role.
              </Text>
            )}
          </Stack>
        </Section>
        <Section title="Password">
          <PasswordForm email={user.email} />
        </Section>
      </Stack>
      <Section title="What you may do">
        {role && (
          <Text size="sm" mb="sm">
            {ROLE_NAMES[role]}: {ROLE_MEANS[role]}.
          </Text>
        )}
        <ul className={css.scopes}>
          {SCOPES.filter(([scope]) => scope !== 'RUNNER').map(([scope, means]) => (
            <li key={scope} data-has={scopes.has(scope) || undefined}>
              <Icon name={scopes.has(scope) ? 'check' : 'minus'} size={14} />
              <span>
                {means}
                <VisuallyHidden>{scopes.has(scope) ? ': yes' : ': no'}</VisuallyHidden>
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </SimpleGrid>
  );
}
