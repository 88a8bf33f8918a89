import '@mantine/notifications/styles.css';
import { notifications, Notifications as Outlet } from '@mantine/notifications';
import { useEffect, useSyncExternalStore } from 'react';
import { Ticked } from '../ui/Ticked.tsx';
import { notices } from './notices.ts';

const LOOK = {
  good: { color: 'green', autoClose: 5_000 },
  bad: { color: 'red', autoClose: 10_000 },
} as const;

export function Notifications() {
  const waiting = useSyncExternalStore(notices.subscribe, notices.get);
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const { tone, message, title } of notices.take()) {
      notifications.show({ message: <Ticked text={message} />, title, ...LOOK[tone] });
    }
  }, [waiting]);
  return <Outlet position="bottom-right" />;
}
