import { lazy, Suspense, useId, useState, useSyncExternalStore } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import { lazyPart, leaveOut } from '../ui/withLibrary.tsx';
import css from './NewsBell.module.css';
import { unseen } from './news.ts';
import { newsStore } from './newsStore.ts';

const NewsPanel = lazyPart(() => import('./NewsPanel.tsx'), 'NewsPanel');
const NewsFeed = lazy(() =>
  import('./NewsFeed.tsx').then((part) => ({ default: part.NewsFeed })).catch(leaveOut),
);

/** How much happened since the last look; opened, what. */
export function NewsBell() {
  const news = useSyncExternalStore(newsStore.subscribe, newsStore.get);
  const [opened, setOpened] = useState(false);
  const [bell, setBell] = useState<HTMLElement | null>(null);
  const count = unseen(news);
  return (
    <>
      <Suspense>
        <NewsFeed />
      </Suspense>
      <IconButton
        ref={setBell}
        id={useId()}
        icon="bell"
        label={count > 0 ? `News, ${count} new` : 'News'}
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
      {opened && bell && (
        <Suspense>
          <NewsPanel bell={bell} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
