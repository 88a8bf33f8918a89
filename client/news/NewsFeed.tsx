/** Listens for what is news. Shows nothing; loaded after the page. */
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { notices } from '../lib/notices.ts';
import { onReconnect } from '../lib/socket.ts';
import { useViewer } from '../lib/viewer.ts';
import type { NewsItem } from './news.ts';
import { openNewsOf } from './newsOf.ts';
import { alerts, newsStore, watched } from './newsStore.ts';

const News_Run = graphql(`
  fragment News_Run on Run {
    id
    number
    name
    status
    error
    attempt
    createdBy
  }
`);

const News_Runner = graphql(`
  fragment News_Runner on Runner {
    id
    name
    online
    stoppedAt
  }
`);

const News_Runs = graphql(`
  subscription News_Runs {
    runsChanged {
      run {
        ...News_Run
      }
    }
  }
`);

const News_Runners = graphql(`
  subscription News_Runners {
    runnersChanged {
      runner {
        ...News_Runner
      }
    }
  }
`);

const News_MissedRuns = graphql(`
  query News_MissedRuns($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Run {
        ...News_Run
      }
    }
  }
`);

const News_MissedRunners = graphql(`
  query News_MissedRunners {
    runners {
      ...News_Runner
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

/** The most objects one question may name. */
const AT_ONCE = 100;
const FRESH = { requestPolicy: 'network-only' } as const;

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
    const hearRun = (fragment: FragmentType<typeof News_Run>) => {
      const run = read(News_Run, fragment);
      const isOpen = location.pathname === `/runs/${run.number}`;
      if (isOpen && !FINAL.includes(run.status)) watched.add(run.number);
      const item = newsOf.run(run, Date.now());
      const isMine = run.createdBy === name || watched.has(run.number);
      if (item && isMine) tell(item);
    };
    const hearRunner = (fragment: FragmentType<typeof News_Runner>) => {
      const item = newsOf.runner(read(News_Runner, fragment), Date.now());
      if (item) tell(item);
    };
    // Streams begin with what is under way; what has ended while nobody listened is not in them.
    const readMissed = async () => {
      const ids = newsOf.active();
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const some = { ids: ids.slice(from, from + AT_ONCE) };
        const { data } = await client.query(News_MissedRuns, some, FRESH).toPromise();
        for (const node of data?.nodes ?? []) if (node?.__typename === 'Run') hearRun(node);
      }
      const { data } = await client.query(News_MissedRunners, {}, FRESH).toPromise();
      for (const runner of data?.runners ?? []) hearRunner(runner);
    };
    const endReconnect = onReconnect(() => void readMissed());
    const runs = client.subscription(News_Runs, {}).subscribe(({ data }) => {
      if (data) hearRun(data.runsChanged.run);
    });
    const runners = client.subscription(News_Runners, {}).subscribe(({ data }) => {
      if (data) hearRunner(data.runnersChanged.runner);
    });
    const loop = client.subscription(News_Loop, {}).subscribe(({ data }) => {
      if (!data) return;
      for (const item of newsOf.checks(data.loopChanged.openChecks, Date.now())) tell(item);
    });
    return () => {
      endReconnect();
      runs.unsubscribe();
      runners.unsubscribe();
      loop.unsubscribe();
    };
  }, [client, router, name]);
  return null;
}
