import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { Icon } from '../ui/Icon.tsx';
import css from './NewsBell.module.css';
import { unseen } from './news.ts';
import { newsStore } from './newsStore.ts';

const NewsPanel = lazy(async () => ({ default: (await import('./NewsPanel.tsx')).NewsPanel }));
const NewsFeed = lazy(async () => ({ default: (await import('./NewsFeed.tsx')).NewsFeed }));

/** How much happened since the last look; opened, what. */
export function NewsBell() {
  const news = useSyncExternalStore(newsStore.subscribe, newsStore.get);
  const [opened, setOpened] = useState(false);
  const count = unseen(news);
  const label = count > 0 ? `News, ${count} new` : 'News';
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      className={css.bell}
      aria-label={label}
      aria-expanded={opened}
      aria-haspopup="dialog"
      title={label}
      data-testid="news-bell"
      onClick={() => setOpened(!opened)}
    >
      <Icon name="bell" />
      {count > 0 && (
        <span className={css.count} aria-hidden="true">
          {count > 9 ? '9+' : count}
        </span>
      )}
    </ActionIcon>
  );
  return (
    <>
      <Suspense>
        <NewsFeed />
      </Suspense>
      {opened ? (
        <Suspense fallback={button}>
          <NewsPanel onClose={() => setOpened(false)}>{button}</NewsPanel>
        </Suspense>
      ) : (
        button
      )}
    </>
  );
}
