/** The whole map. Pages come lazily: the first visit pays for what it shows. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { NotFound } from './lib/NotFound.tsx';
import { PageError } from './lib/PageError.tsx';
import { parseSearch, stringifySearch } from './lib/url.ts';
import { Shell } from './shell/Shell.tsx';
import { LoadingPage } from './ui/Loading.tsx';

const root = createRootRoute({ notFoundComponent: () => <NotFound /> });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

type LazyPage = ReturnType<typeof lazyRouteComponent>;

const at = (path: string, component: LazyPage) =>
  createRoute({ getParentRoute: () => shell, path, component });

/** For who is not signed in: nothing around it asks the server. */
const outside = (path: string, component: LazyPage) =>
  createRoute({ getParentRoute: () => root, path, component });

const pages = [
  at(
    '/',
    lazyRouteComponent(() => import('./home/HomePage.tsx'), 'HomePage'),
  ),
  at(
    '/traces',
    lazyRouteComponent(() => import('./traces/TracesPage.tsx'), 'TracesPage'),
  ),
  at(
    '/traces/compare',
    lazyRouteComponent(() => import('./traces/ComparePage.tsx'), 'ComparePage'),
  ),
  at(
    '/traces/imports',
    lazyRouteComponent(() => import('./traces/ImportsPage.tsx'), 'ImportsPage'),
  ),
  at(
    '/traces/$id',
    lazyRouteComponent(() => import('./traces/TracePage.tsx'), 'TracePage'),
  ),
  at(
    '/datasets',
    lazyRouteComponent(() => import('./datasets/DatasetsPage.tsx'), 'DatasetsPage'),
  ),
  at(
    '/datasets/new',
    lazyRouteComponent(() => import('./datasets/NewDatasetPage.tsx'), 'NewDatasetPage'),
  ),
  at(
    '/datasets/diff',
    lazyRouteComponent(() => import('./datasets/DatasetDiffPage.tsx'), 'DatasetDiffPage'),
  ),
  at(
    '/datasets/$key',
    lazyRouteComponent(() => import('./datasets/DatasetPage.tsx'), 'DatasetPage'),
  ),
  at(
    '/evaluation-sets',
    lazyRouteComponent(
      () => import('./evaluationSets/EvaluationSetsPage.tsx'),
      'EvaluationSetsPage',
    ),
  ),
  at(
    '/evaluation-sets/new',
    lazyRouteComponent(
      () => import('./evaluationSets/NewEvaluationSetPage.tsx'),
      'NewEvaluationSetPage',
    ),
  ),
  at(
    '/evaluation-sets/$key',
    lazyRouteComponent(() => import('./evaluationSets/EvaluationSetPage.tsx'), 'EvaluationSetPage'),
  ),
  at(
    '/runs',
    lazyRouteComponent(() => import('./runList/RunsPage.tsx'), 'RunsPage'),
  ),
  at(
    '/runs/compare',
    lazyRouteComponent(() => import('./runCompare/CompareRunsPage.tsx'), 'CompareRunsPage'),
  ),
  at(
    '/runs/new',
    lazyRouteComponent(() => import('./newRun/NewRunPage.tsx'), 'NewRunPage'),
  ),
  at(
    '/runs/$number',
    lazyRouteComponent(() => import('./runs/RunPage.tsx'), 'RunPage'),
  ),
  at(
    '/leaderboard',
    lazyRouteComponent(() => import('./leaderboard/LeaderboardPage.tsx'), 'LeaderboardPage'),
  ),
  at(
    '/evaluations/compare',
    lazyRouteComponent(
      () => import('./evaluations/CompareEvaluationsPage.tsx'),
      'CompareEvaluationsPage',
    ),
  ),
  at(
    '/evaluations/matrix',
    lazyRouteComponent(() => import('./evaluations/FlipMatrixPage.tsx'), 'FlipMatrixPage'),
  ),
  at(
    '/judges',
    lazyRouteComponent(() => import('./judges/JudgesPage.tsx'), 'JudgesPage'),
  ),
  at(
    '/evaluations/$id',
    lazyRouteComponent(() => import('./evaluations/EvaluationPage.tsx'), 'EvaluationPage'),
  ),
  at(
    '/baselines',
    lazyRouteComponent(() => import('./baselines/BaselinesPage.tsx'), 'BaselinesPage'),
  ),
  at(
    '/baselines/$name',
    lazyRouteComponent(() => import('./baselines/BaselinePage.tsx'), 'BaselinePage'),
  ),
  at(
    '/runners',
    lazyRouteComponent(() => import('./runners/RunnersPage.tsx'), 'RunnersPage'),
  ),
  at(
    '/api',
    lazyRouteComponent(() => import('./api/ApiPage.tsx'), 'ApiPage'),
  ),
  at(
    '/settings',
    lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
  ),
  at(
    '/settings/$tab',
    lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
  ),
  at(
    '/audit',
    lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
  ),
  at(
    '/go/$id',
    lazyRouteComponent(() => import('./go/GoPage.tsx'), 'GoPage'),
  ),
  createRoute({ getParentRoute: () => shell, path: '$', component: () => <NotFound /> }),
];

const routeTree = root.addChildren([
  shell.addChildren(pages),
  outside(
    '/sign-in',
    lazyRouteComponent(() => import('./access/SignInPage.tsx'), 'SignInPage'),
  ),
  outside(
    '/invitation',
    lazyRouteComponent(() => import('./access/InvitationPage.tsx'), 'InvitationPage'),
  ),
]);

export const createAppRouter = () =>
  createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultErrorComponent: PageError,
    defaultPendingComponent: LoadingPage,
  });
