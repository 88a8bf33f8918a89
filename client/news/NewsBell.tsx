import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import { lazyPart } from '../ui/withLibrary.tsx';
import css from './NewsBell.module.css';
import { unseen } from './news.ts';
import { newsStore } from './newsStore.ts';

const NewsPanel = lazyPart(() => import('./NewsPanel.tsx'), 'NewsPanel');
const NewsFeed = lazy(async () => ({ default: (await import('./NewsFeed.tsx')).NewsFeed }));

/** How much happened since the last look; opened, what. */
export function NewsBell() {
  const news = useSyncExternalStore(newsStore.subscribe, newsStore.get);
  const [opened, setOpened] = useState(false);
  const count = unseen(news);
  const label = count > 0 ? `News, ${count} new` : 'News';
  const button = (
    <IconButton
      icon="bell"
      label={label}
      aria-expanded={opened}
      aria-haspopup="dialog"
      data-testid="news-bell"
      onClick={() => setOpened(!opened)}
    >
      {count > 0 && (
        <span className={css.count} aria-hidden="true">
          {count > 9 ? '9+' : count}
        </span>
      )}
    </IconButton>
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
