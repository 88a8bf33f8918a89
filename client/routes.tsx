/** The whole map. Pages come lazily, all but Home: the first visit pays for what it shows. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { type ComponentType, Suspense } from 'react';
import { HomePage } from './home/HomePage.tsx';
import { parseSearch, stringifySearch } from './lib/url.ts';
import { PageFailure } from './shell/PageFailure.tsx';
import { Shell } from './shell/Shell.tsx';
import { LoadingPage } from './ui/Loading.tsx';
import { lazyPart, pageLoader } from './ui/withLibrary.tsx';

const NotFound = lazyPart(() => import('./lib/NotFound.tsx'), 'NotFound');

const missing = () => (
  <Suspense fallback={<LoadingPage />}>
    <NotFound />
  </Suspense>
);

const root = createRootRoute({ notFoundComponent: missing });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

type LazyPage = ReturnType<typeof lazyRouteComponent>;

/** A page that is made of the component library: all but Home. */
const page = <Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): LazyPage => lazyRouteComponent(pageLoader(load, name));

const at = (path: string, component: LazyPage) =>
  createRoute({ getParentRoute: () => shell, path, component });

/** For who is not signed in: nothing around it asks the server. */
const outside = (path: string, component: LazyPage) =>
  createRoute({ getParentRoute: () => root, path, component });

const pages = [
  at('/', HomePage),
  at(
    '/traces',
    page(() => import('./traces/TracesPage.tsx'), 'TracesPage'),
  ),
  at(
    '/traces/compare',
    page(() => import('./traces/ComparePage.tsx'), 'ComparePage'),
  ),
  at(
    '/traces/imports',
    page(() => import('./traces/ImportsPage.tsx'), 'ImportsPage'),
  ),
  at(
    '/traces/$id',
    page(() => import('./traces/TracePage.tsx'), 'TracePage'),
  ),
  at(
    '/datasets',
    page(() => import('./datasets/DatasetsPage.tsx'), 'DatasetsPage'),
  ),
  at(
    '/datasets/new',
    page(() => import('./datasets/NewDatasetPage.tsx'), 'NewDatasetPage'),
  ),
  at(
    '/datasets/diff',
    page(() => import('./datasets/DatasetDiffPage.tsx'), 'DatasetDiffPage'),
  ),
  at(
    '/datasets/$key',
    page(() => import('./datasets/DatasetPage.tsx'), 'DatasetPage'),
  ),
  at(
    '/evaluation-sets',
    page(() => import('./evaluationSets/EvaluationSetsPage.tsx'), 'EvaluationSetsPage'),
  ),
  at(
    '/evaluation-sets/new',
    page(() => import('./evaluationSets/NewEvaluationSetPage.tsx'), 'NewEvaluationSetPage'),
  ),
  at(
    '/evaluation-sets/$key',
    page(() => import('./evaluationSets/EvaluationSetPage.tsx'), 'EvaluationSetPage'),
  ),
  at(
    '/runs',
    page(() => import('./runList/RunsPage.tsx'), 'RunsPage'),
  ),
  at(
    '/runs/compare',
    page(() => import('./runCompare/CompareRunsPage.tsx'), 'CompareRunsPage'),
  ),
  at(
    '/runs/new',
    page(() => import('./newRun/NewRunPage.tsx'), 'NewRunPage'),
  ),
  at(
    '/runs/$number',
    page(() => import('./runs/RunPage.tsx'), 'RunPage'),
  ),
  at(
    '/leaderboard',
    page(() => import('./leaderboard/LeaderboardPage.tsx'), 'LeaderboardPage'),
  ),
  at(
    '/evaluations/compare',
    page(() => import('./evaluations/CompareEvaluationsPage.tsx'), 'CompareEvaluationsPage'),
  ),
  at(
    '/evaluations/matrix',
    page(() => import('./evaluations/FlipMatrixPage.tsx'), 'FlipMatrixPage'),
  ),
  at(
    '/judges',
    page(() => import('./judges/JudgesPage.tsx'), 'JudgesPage'),
  ),
  at(
    '/evaluations/$id',
    page(() => import('./evaluations/EvaluationPage.tsx'), 'EvaluationPage'),
  ),
  at(
    '/baselines',
    page(() => import('./baselines/BaselinesPage.tsx'), 'BaselinesPage'),
  ),
  at(
    '/baselines/$name',
    page(() => import('./baselines/BaselinePage.tsx'), 'BaselinePage'),
  ),
  at(
    '/runners',
    page(() => import('./runners/RunnersPage.tsx'), 'RunnersPage'),
  ),
  at(
    '/api',
    page(() => import('./api/ApiPage.tsx'), 'ApiPage'),
  ),
  at(
    '/settings',
    page(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
  ),
  at(
    '/settings/$tab',
    page(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
  ),
  at(
    '/audit',
    page(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
  ),
  at(
    '/go/$id',
    page(() => import('./go/GoPage.tsx'), 'GoPage'),
  ),
  createRoute({ getParentRoute: () => shell, path: '$', component: missing }),
];

const routeTree = root.addChildren([
  shell.addChildren(pages),
  outside(
    '/sign-in',
    page(() => import('./access/SignInPage.tsx'), 'SignInPage'),
  ),
  outside(
    '/invitation',
    page(() => import('./access/InvitationPage.tsx'), 'InvitationPage'),
  ),
]);

export const createAppRouter = () =>
  createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultErrorComponent: PageFailure,
    defaultPendingComponent: LoadingPage,
  });
