/** What the palette offers besides objects: pages, actions and places to read. Pure. */
import type { Scope } from '../gql/graphql.ts';
import { paths, serverPaths } from '../paths.ts';
import type { IconName } from '../ui/Icon.tsx';

export type Command = {
  id: string;
  group: 'Go to' | 'Do' | 'Read' | 'Found';
  label: string;
  description?: string;
  icon: IconName;
  /** Words that find it, too. */
  words?: string;
  /** Only for who has it. */
  scope?: Scope;
} & ({ to: string } | { href: string } | { run: 'scheme' | 'keys' } | { cancel: number });

const page = (label: string, to: string, icon: IconName, words = ''): Command => ({
  ...{ id: `page ${to}`, group: 'Go to', label, to, icon, words },
});

const PAGES: Command[] = [
  page('Home', paths.home(), 'home', 'loop start overview'),
  page('Traces', paths.traces(), 'traces'),
  page('Imports', paths.imports(), 'upload', 'traces'),
  page('Datasets', paths.datasets(), 'datasets'),
  page('Evaluation sets', paths.evaluationSets(), 'questions', 'questions benchmark'),
  page('Runs', paths.runs(), 'runs', 'training'),
  page('Leaderboard', paths.leaderboard(), 'board', 'evaluations scores'),
  page('Judges', paths.judges(), 'edit'),
  page('Baselines', paths.baselines(), 'baseline', 'gates checks'),
  page('Runners and queue', paths.runners(), 'runners', 'workers gpu'),
  page('API', paths.api(), 'api', 'graphiql examples limits'),
  page('Settings', paths.settings(), 'settings', 'keys members storage appearance'),
  { ...page('Audit log', paths.audit(), 'audit', 'who did what'), scope: 'ADMIN' },
];

const action = (label: string, to: string, icon: IconName, scope: Scope): Command => ({
  ...{ id: `do ${label}`, group: 'Do', label, to, icon, scope },
});

const ACTIONS: Command[] = [
  action('New run', paths.newRun(), 'plus', 'RUNS_WRITE'),
  action('Import traces', paths.importTraces(), 'upload', 'TRACES_WRITE'),
  action('Build a dataset', paths.newDataset(), 'plus', 'DATASETS_WRITE'),
  action('Make an evaluation set', paths.newEvaluationSet(), 'plus', 'EVALUATIONS_WRITE'),
  action('Connect a runner', paths.runners({ connect: 'open' }), 'runners', 'READ'),
  {
    ...{ id: 'scheme', group: 'Do', label: 'Switch between light and dark', run: 'scheme' },
    ...{ icon: 'moon', words: 'appearance theme scheme' },
  },
  { id: 'keys', group: 'Do', label: 'Show the keys of this page', run: 'keys', icon: 'key' },
];

const READ: Command[] = [
  {
    ...{ id: 'graphiql', group: 'Read', label: 'GraphiQL with the schema' },
    ...{ href: serverPaths.graphql(), icon: 'api', words: 'docs documentation reference' },
  },
  ...(
    ['import', 'build', 'start', 'follow', 'evaluate', 'baseline', 'gate', 'notebook'] as const
  ).map(
    (tab): Command => ({
      ...{ id: `example ${tab}`, group: 'Read', label: `By the API: ${tab}` },
      ...{ to: paths.api({ tab }), icon: 'api', words: 'docs example python curl' },
    }),
  ),
];

const matches = ({ label, words = '' }: Command, text: string) => {
  const all = `${label} ${words}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
};

/** A global id: base64url of type and UUID, never a word. */
const ID = /^[A-Za-z0-9+/_-]{20,}={0,2}$/;

/** What is meant without asking the server, best first. */
export function commandsFor(text: string, may: (scope: Scope) => boolean): Command[] {
  const query = text.trim();
  const found: Command[] = [];
  const run = /^(?:run\s*)?#?(\d{1,9})$/i.exec(query);
  if (run) {
    const number = Number(run[1]);
    found.push({
      ...{ id: `run ${number}`, group: 'Go to', label: `Run ${number}` },
      ...{ to: paths.run(number), icon: 'runs' },
    });
  }
  const cancel = /^(?:cancel|stop)\s+(?:run\s*)?#?(\d{1,9})$/i.exec(query);
  if (cancel) {
    const number = Number(cancel[1]);
    found.push({
      ...{ id: `cancel ${number}`, group: 'Do', label: `Cancel run ${number}` },
      ...{ cancel: number, icon: 'stop', scope: 'RUNS_WRITE' },
    });
  }
  if (ID.test(query)) {
    found.push({
      ...{ id: 'id', group: 'Go to', label: 'The object with this id' },
      ...{ to: paths.go(query), icon: 'right' },
    });
  }
  const known = [...PAGES, ...ACTIONS, ...READ].filter(
    (command) => query === '' || matches(command, query),
  );
  return [...found, ...known].filter(({ scope }) => scope === undefined || may(scope));
}
