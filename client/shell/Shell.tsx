import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { Suspense, useCallback } from 'react';
import { useQuery } from 'urql';
import { ModeBanner, ModeTag } from '../access/ModeBanner.tsx';
import { useWho } from '../access/useWho.ts';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { useKeys } from '../lib/useKeys.ts';
import { ViewerProvider } from '../lib/viewer.ts';
import { NewsBell } from '../news/NewsBell.tsx';
import { PaletteButton } from '../palette/PaletteButton.tsx';
import { paths } from '../paths.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Tag } from '../ui/Tag.tsx';
import { lazyPart } from '../ui/withLibrary.tsx';
import { LivePill, useStale } from './LivePill.tsx';
import { Nav } from './Nav.tsx';
import { PageChange } from './PageChange.tsx';
import { SchemeToggle } from './SchemeToggle.tsx';
import css from './Shell.module.css';
import { useRunsChanged } from './useRunsChanged.ts';

// Menus stand on a library for positions that the first page should not wait for.
const AccountMenu = lazyPart(() => import('../access/AccountMenu.tsx'), 'AccountMenu');
const KeysHelp = lazyPart(() => import('../ui/KeysHelp.tsx'), 'KeysHelp');

const Shell_Query = graphql(`
  query Shell_Query {
    overview {
      runCount
      runningCount
      pendingCount
      evaluationCount
      lastRunAt
      lastEvaluationAt
    }
  }
`);

export function Shell() {
  const viewer = useWho();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [{ data }, execute] = useQuery({ query: Shell_Query });
  // A burst of changes is one question.
  const recount = useDebouncedCallback(() => execute({ requestPolicy: 'network-only' }), 400);
  useRunsChanged(useCallback(() => recount(), [recount]));
  const [showsKeys, keysHelp] = useDisclosure(false);
  useKeys({ '?': keysHelp.open }, true);
  const isStale = useStale() || undefined;
  const running = data?.overview.runningCount ?? 0;
  const waiting = data?.overview.pendingCount ?? 0;
  return (
    <ViewerProvider value={viewer}>
      <div className={css.shell}>
        <a href="#main" className={css.skip}>
          Skip to content
        </a>
        <header className={css.header}>
          <IconButton
            icon={opened ? 'cross' : 'menu'}
            label={opened ? 'Close navigation' : 'Open navigation'}
            onClick={toggle}
            className={css.burger}
            aria-expanded={opened}
          />
          <Link to={paths.home()} className={css.brand} aria-label="Tunix RT, home">
            <img src="/favicon.svg" alt="" width={24} height={24} />
            <span className={css.name}>Tunix RT</span>
          </Link>
          <div className={css.right}>
            {running + waiting > 0 && (
              <Link
                to={paths.runs()}
                className={css.running}
                data-stale={isStale}
                data-testid="running-count"
              >
                <Tag tone="info" icon="runs">
                  <span data-live>
                    {running} running{waiting > 0 ? `, ${waiting} queued` : ''}
                  </span>
                </Tag>
              </Link>
            )}
            <PaletteButton />
            <ModeTag />
            <LivePill />
            <NewsBell />
            <span className={css.scheme}>
              <SchemeToggle />
            </span>
            <span className={css.account}>
              <Suspense>
                <AccountMenu />
              </Suspense>
            </span>
          </div>
        </header>
        <div className={css.sidebar} data-open={opened || undefined}>
          <Nav onGo={close} />
        </div>
        {opened && <div className={css.shade} onClick={close} aria-hidden="true" />}
        <PageChange />
        <main id="main" className={css.main} tabIndex={-1} data-stale={isStale}>
          <div className={css.content}>
            <ModeBanner />
            {/* Pages ask what the viewer may do, so they wait until that is known. */}
            {viewer ? <Outlet /> : <LoadingPage />}
          </div>
        </main>
        <Suspense>{showsKeys && <KeysHelp keys={[]} onClose={keysHelp.close} />}</Suspense>
      </div>
    </ViewerProvider>
  );
}
