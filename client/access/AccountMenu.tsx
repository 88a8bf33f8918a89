import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '../lib/Link.tsx';
import { useViewer, type Viewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import css from './AccountMenu.module.css';
import { signOut } from './authRequests.ts';
import { initialsOf, ROLE_NAMES } from './roles.ts';

/** A whole new page: nothing of who was here is kept. */
const leave = () =>
  void signOut()
    .catch(() => undefined)
    .then(() => location.replace(paths.signIn()));

function Who(props: { viewer: Viewer }) {
  const { authRequired, name, role, user } = props.viewer;
  if (!authRequired) {
    return (
      <div className={css.who}>
        <span className={css.name}>Single-user mode</span>
        <span className={css.note}>Whoever reaches this port may do everything.</span>
      </div>
    );
  }
  return (
    <div className={css.who} data-testid="who">
      <span className={css.name}>{user?.name ?? name}</span>
      <span className={css.note}>{user?.email}</span>
      {role && <span className={css.note}>{ROLE_NAMES[role]}</span>}
    </div>
  );
}

/** Who is signed in, where their settings are, and the way out. */
export function AccountMenu() {
  const viewer = useViewer();
  if (!viewer) return null;
  const { authRequired, user } = viewer;
  const label = authRequired ? `Account of ${user?.name ?? viewer.name}` : 'Single-user mode';
  // What is seen is part of what it is called, for those who speak to their browser.
  const spoken = user ? `${initialsOf(user.name)} – ${label}` : label;
  return (
    <Menu position="bottom-end" withinPortal width={240}>
      <Menu.Target>
        <ActionIcon
          variant={authRequired ? 'light' : 'subtle'}
          color={authRequired ? 'indigo' : 'gray'}
          radius="xl"
          size="lg"
          aria-label={spoken}
          title={label}
          data-testid="account-menu"
        >
          {user ? (
            <span className={css.initials} aria-hidden="true">
              {initialsOf(user.name)}
            </span>
          ) : (
            <Icon name="user" />
          )}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Who viewer={viewer} />
        <Menu.Divider />
        {user && (
          <Menu.Item component={Link} to={paths.settings('profile')}>
            Profile
          </Menu.Item>
        )}
        {!authRequired && (
          <Menu.Item component={Link} to={paths.settings('members')}>
            Share this server
          </Menu.Item>
        )}
        <Menu.Item component={Link} to={paths.settings('keys')}>
          API keys
        </Menu.Item>
        <Menu.Item component={Link} to={paths.settings()}>
          Settings
        </Menu.Item>
        {viewer.scopes.has('ADMIN') && (
          <Menu.Item component={Link} to={paths.audit()}>
            Audit log
          </Menu.Item>
        )}
        {authRequired && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={leave} data-testid="sign-out">
              Sign out
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
