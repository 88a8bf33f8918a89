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

/** With the styles of all components, asked for first: the page's own come after them. */
const styled =
  <Page,>(load: () => Promise<Page>) =>
  async () => {
    const styles = import('./ui/mantineRest.css.ts');
    const page = load();
    await styles;
    return page;
  };

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
    lazyRouteComponent(
      styled(() => import('./traces/TracesPage.tsx')),
      'TracesPage',
    ),
  ),
  at(
    '/traces/compare',
    lazyRouteComponent(
      styled(() => import('./traces/ComparePage.tsx')),
      'ComparePage',
    ),
  ),
  at(
    '/traces/imports',
    lazyRouteComponent(
      styled(() => import('./traces/ImportsPage.tsx')),
      'ImportsPage',
    ),
  ),
  at(
    '/traces/$id',
    lazyRouteComponent(
      styled(() => import('./traces/TracePage.tsx')),
      'TracePage',
    ),
  ),
  at(
    '/datasets',
    lazyRouteComponent(
      styled(() => import('./datasets/DatasetsPage.tsx')),
      'DatasetsPage',
    ),
  ),
  at(
    '/datasets/new',
    lazyRouteComponent(
      styled(() => import('./datasets/NewDatasetPage.tsx')),
      'NewDatasetPage',
    ),
  ),
  at(
    '/datasets/diff',
    lazyRouteComponent(
      styled(() => import('./datasets/DatasetDiffPage.tsx')),
      'DatasetDiffPage',
    ),
  ),
  at(
    '/datasets/$key',
    lazyRouteComponent(
      styled(() => import('./datasets/DatasetPage.tsx')),
      'DatasetPage',
    ),
  ),
  at(
    '/evaluation-sets',
    lazyRouteComponent(
      styled(() => import('./evaluationSets/EvaluationSetsPage.tsx')),
      'EvaluationSetsPage',
    ),
  ),
  at(
    '/evaluation-sets/new',
    lazyRouteComponent(
      styled(() => import('./evaluationSets/NewEvaluationSetPage.tsx')),
      'NewEvaluationSetPage',
    ),
  ),
  at(
    '/evaluation-sets/$key',
    lazyRouteComponent(
      styled(() => import('./evaluationSets/EvaluationSetPage.tsx')),
      'EvaluationSetPage',
    ),
  ),
  at(
    '/runs',
    lazyRouteComponent(
      styled(() => import('./runList/RunsPage.tsx')),
      'RunsPage',
    ),
  ),
  at(
    '/runs/compare',
    lazyRouteComponent(
      styled(() => import('./runCompare/CompareRunsPage.tsx')),
      'CompareRunsPage',
    ),
  ),
  at(
    '/runs/new',
    lazyRouteComponent(
      styled(() => import('./newRun/NewRunPage.tsx')),
      'NewRunPage',
    ),
  ),
  at(
    '/runs/$number',
    lazyRouteComponent(
      styled(() => import('./runs/RunPage.tsx')),
      'RunPage',
    ),
  ),
  at(
    '/leaderboard',
    lazyRouteComponent(
      styled(() => import('./leaderboard/LeaderboardPage.tsx')),
      'LeaderboardPage',
    ),
  ),
  at(
    '/evaluations/compare',
    lazyRouteComponent(
      styled(() => import('./evaluations/CompareEvaluationsPage.tsx')),
      'CompareEvaluationsPage',
    ),
  ),
  at(
    '/evaluations/matrix',
    lazyRouteComponent(
      styled(() => import('./evaluations/FlipMatrixPage.tsx')),
      'FlipMatrixPage',
    ),
  ),
  at(
    '/judges',
    lazyRouteComponent(
      styled(() => import('./judges/JudgesPage.tsx')),
      'JudgesPage',
    ),
  ),
  at(
    '/evaluations/$id',
    lazyRouteComponent(
      styled(() => import('./evaluations/EvaluationPage.tsx')),
      'EvaluationPage',
    ),
  ),
  at(
    '/baselines',
    lazyRouteComponent(
      styled(() => import('./baselines/BaselinesPage.tsx')),
      'BaselinesPage',
    ),
  ),
  at(
    '/baselines/$name',
    lazyRouteComponent(
      styled(() => import('./baselines/BaselinePage.tsx')),
      'BaselinePage',
    ),
  ),
  at(
    '/runners',
    lazyRouteComponent(
      styled(() => import('./runners/RunnersPage.tsx')),
      'RunnersPage',
    ),
  ),
  at(
    '/api',
    lazyRouteComponent(
      styled(() => import('./api/ApiPage.tsx')),
      'ApiPage',
    ),
  ),
  at(
    '/settings',
    lazyRouteComponent(
      styled(() => import('./settings/SettingsPage.tsx')),
      'SettingsPage',
    ),
  ),
  at(
    '/settings/$tab',
    lazyRouteComponent(
      styled(() => import('./settings/SettingsPage.tsx')),
      'SettingsPage',
    ),
  ),
  at(
    '/audit',
    lazyRouteComponent(
      styled(() => import('./audit/AuditPage.tsx')),
      'AuditPage',
    ),
  ),
  at(
    '/go/$id',
    lazyRouteComponent(
      styled(() => import('./go/GoPage.tsx')),
      'GoPage',
    ),
  ),
  createRoute({ getParentRoute: () => shell, path: '$', component: () => <NotFound /> }),
];

const routeTree = root.addChildren([
  shell.addChildren(pages),
  outside(
    '/sign-in',
    lazyRouteComponent(
      styled(() => import('./access/SignInPage.tsx')),
      'SignInPage',
    ),
  ),
  outside(
    '/invitation',
    lazyRouteComponent(
      styled(() => import('./access/InvitationPage.tsx')),
      'InvitationPage',
    ),
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
