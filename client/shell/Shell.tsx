import { AppShell, Burger } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { Tag } from '../ui/Tag.tsx';
import { LivePill } from './LivePill.tsx';
import { Nav } from './Nav.tsx';
import { SchemeToggle } from './SchemeToggle.tsx';
import css from './Shell.module.css';
import { useRunsChanged } from './useRunsChanged.ts';

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
  const [opened, { toggle, close }] = useDisclosure(false);
  const [{ data }, execute] = useQuery({ query: Shell_Query });
  // A burst of changes is one question.
  const recount = useDebouncedCallback(() => execute({ requestPolicy: 'network-only' }), 400);
  useRunsChanged(useCallback(() => recount(), [recount]));
  const running = data?.overview.runningCount ?? 0;
  const waiting = data?.overview.pendingCount ?? 0;
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#main" className={css.skip}>
        Skip to content
      </a>
      <AppShell.Header>
        <div className={css.header}>
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={opened ? 'Close navigation' : 'Open navigation'}
          />
          <Link to={paths.home()} className={css.brand} aria-label="Tunix RT, home">
            <img src="/favicon.svg" alt="" width={24} height={24} />
            <span className={css.name}>Tunix RT</span>
          </Link>
          <div className={css.right}>
            {running + waiting > 0 && (
              <Link to={paths.runs()} className={css.running} data-testid="running-count">
                <Tag tone="info" icon="runs">
                  {plural(running, 'run')} active{waiting > 0 ? `, ${waiting} waiting` : ''}
                </Tag>
              </Link>
            )}
            <LivePill />
            <SchemeToggle />
          </div>
        </div>
      </AppShell.Header>
      <AppShell.Navbar bg="var(--rt-surface)">
        <Nav onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <div className={css.main}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
