import { Tabs } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { NotFound } from '../lib/NotFound.tsx';
import { useParam } from '../lib/url.ts';
import { useViewer, type Viewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';

const TABS = [
  {
    name: 'profile',
    label: 'Profile',
    isFor: (viewer: Viewer) => viewer.user !== null,
    Tab: lazy(async () => ({ default: (await import('./ProfileTab.tsx')).ProfileTab })),
  },
  {
    name: 'members',
    label: 'Members',
    isFor: (viewer: Viewer) => viewer.scopes.has('ADMIN'),
    Tab: lazy(async () => ({ default: (await import('./MembersTab.tsx')).MembersTab })),
  },
  {
    name: 'keys',
    label: 'API keys',
    isFor: () => true,
    Tab: lazy(async () => ({ default: (await import('./KeysTab.tsx')).KeysTab })),
  },
  {
    name: 'storage',
    label: 'Storage',
    isFor: () => true,
    Tab: lazy(async () => ({ default: (await import('./StorageTab.tsx')).StorageTab })),
  },
  {
    name: 'limits',
    label: 'Limits',
    isFor: () => true,
    Tab: lazy(async () => ({ default: (await import('./LimitsTab.tsx')).LimitsTab })),
  },
  {
    name: 'appearance',
    label: 'Appearance',
    isFor: () => true,
    Tab: lazy(async () => ({ default: (await import('./AppearanceTab.tsx')).AppearanceTab })),
  },
] as const;

/** What belongs to this server and to who uses it. The tab is a part of the address. */
export function SettingsPage() {
  const asked = useParam('tab');
  const viewer = useViewer();
  const router = useRouter();
  if (!viewer) return <LoadingRows />;
  const shown = TABS.filter(({ isFor }) => isFor(viewer));
  const open = asked ? shown.find(({ name }) => name === asked) : shown[0];
  if (!open) return <NotFound what="settings page" back={paths.settings()} />;
  return (
    <Page title={`Settings: ${open.label.toLowerCase()}`} heading="Settings">
      <Tabs
        value={open.name}
        onChange={(name) => name && router.history.push(paths.settings(name))}
        keepMounted={false}
      >
        <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {shown.map(({ name, label }) => (
            <Tabs.Tab
              key={name}
              value={name}
              style={{ flex: 'none' }}
              ref={(tab) => {
                // On a phone not all tabs fit: the one that is open has to be in sight.
                if (name === open.name) tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
              }}
              data-testid={`tab-${name}`}
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={open.name} pt="md">
          <Suspense fallback={<LoadingRows />}>
            <open.Tab />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
