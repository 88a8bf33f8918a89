/** Listens for what is news. Shows nothing; loaded after the page. */
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';
import { notices } from '../lib/notices.ts';
import { useViewer } from '../lib/viewer.ts';
import type { NewsItem } from './news.ts';
import { openNewsOf } from './newsOf.ts';
import { alerts, newsStore, watched } from './newsStore.ts';

const News_Runs = graphql(`
  subscription News_Runs {
    runsChanged {
      run {
        id
        number
        name
        status
        error
        attempt
        createdBy
      }
    }
  }
`);

const News_Runners = graphql(`
  subscription News_Runners {
    runnersChanged {
      runner {
        id
        name
        online
        stoppedAt
      }
    }
  }
`);

const News_Loop = graphql(`
  subscription News_Loop {
    loopChanged {
      openChecks {
        id
        verdict
        reasons
        baseline {
          id
          name
        }
        evaluation {
          id
          run {
            id
            number
          }
        }
      }
    }
  }
`);

const FINAL = ['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'];

export function NewsFeed() {
  const client = useClient();
  const router = useRouter();
  const name = useViewer()?.name;
  useEffect(() => {
    const newsOf = openNewsOf();
    const tell = (item: NewsItem) => {
      if (!newsStore.add(item)) return;
      notices.add({ tone: item.tone, title: item.title, message: item.text });
      // Who looks at the page has just been told.
      if (!alerts.isOn() || document.visibilityState === 'visible') return;
      const alert = new Notification(item.title, { body: item.text, tag: item.id });
      alert.addEventListener('click', () => {
        window.focus();
        router.history.push(item.to);
        alert.close();
      });
    };
    const runs = client.subscription(News_Runs, {}).subscribe(({ data }) => {
      const run = data?.runsChanged.run;
      if (!run) return;
      const isOpen = location.pathname === `/runs/${run.number}`;
      if (isOpen && !FINAL.includes(run.status)) watched.add(run.number);
      const item = newsOf.run(run, Date.now());
      const isMine = run.createdBy === name || watched.has(run.number);
      if (item && isMine) tell(item);
    });
    const runners = client.subscription(News_Runners, {}).subscribe(({ data }) => {
      const item = data && newsOf.runner(data.runnersChanged.runner, Date.now());
      if (item) tell(item);
    });
    const loop = client.subscription(News_Loop, {}).subscribe(({ data }) => {
      if (!data) return;
      for (const item of newsOf.checks(data.loopChanged.openChecks, Date.now())) tell(item);
    });
    return () => {
      runs.unsubscribe();
      runners.unsubscribe();
      loop.unsubscribe();
    };
  }, [client, router, name]);
  return null;
}
