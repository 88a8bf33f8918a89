import { Suspense, useState, useSyncExternalStore } from 'react';
import { lazyPart } from '../ui/withLibrary.tsx';
import { notices } from './notices.ts';

const Notifications = lazyPart(() => import('./Notifications.tsx'), 'Notifications');

/** Loads the notification library when there is something to tell, and keeps it from then on. */
export function LazyNotifications() {
  const waiting = useSyncExternalStore(notices.subscribe, notices.get);
  const [wanted, setWanted] = useState(false);
  if (waiting.length > 0 && !wanted) setWanted(true);
  return wanted ? (
    <Suspense>
      <Notifications />
    </Suspense>
  ) : null;
}
