import type { ReactNode } from 'react';
import type { Scope, UserRole } from '../gql/graphql.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { TextLink } from './TextLink.tsx';
import { useMay, useViewer } from './viewer.ts';

const NAMES: Record<UserRole, string> = {
  VIEWER: 'a viewer',
  MEMBER: 'a member',
  ADMIN: 'an administrator',
};

/** Why something is not there for this viewer, and who can change that. */
export function NotAllowed(props: { scope: Scope }) {
  const viewer = useViewer();
  const who = viewer?.role ? ` You are ${NAMES[viewer.role]} here.` : '';
  return (
    <EmptyState title="You may not do this">
      It needs the scope {props.scope}.{who} An administrator can change your role; what you may do
      stands in the <TextLink to={paths.settings('profile')}>settings</TextLink>.
    </EmptyState>
  );
}

/** A page that is for those with a scope; others are told why they see nothing. */
export function MayPage(props: { scope: Scope; title: string; children: ReactNode }) {
  const isAllowed = useMay(props.scope);
  if (isAllowed) return props.children;
  return (
    <Page title={props.title}>
      <Section testId="not-allowed">
        <NotAllowed scope={props.scope} />
      </Section>
    </Page>
  );
}
