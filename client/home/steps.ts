/** The first time around the loop, ticked by what is really there. Pure. */
import type { Scope } from '../gql/graphql.ts';
import { paths } from '../paths.ts';

export type LoopState = {
  traceCount: number;
  datasetCount: number;
  runCount: number;
  evaluationCount: number;
  baselineCount: number;
  checkCount: number;
  followedFromNotebook: boolean;
  /** Whether a run has begun to train, so that there is a log to watch. */
  hasStarted: boolean;
  newestRun: number | undefined;
  /** A device of a runner that is online, in words. */
  gpu: string | undefined;
};

export type Step = {
  /** Of the example in `client/api/examples.ts`; none where a page says it. */
  example?: string;
  name: string;
  to: string;
  /** What doing it needs; who lacks it is not asked to. */
  needs?: Scope;
  done: boolean;
  /** Said beside a step that is done. */
  note?: string;
  /** Not needed to be around the loop. */
  optional?: boolean;
};

export const stepsOf = (state: LoopState): Step[] => [
  {
    ...{ example: 'import', name: 'Import traces', to: paths.importTraces() },
    ...{ needs: 'TRACES_WRITE', done: state.traceCount > 0 },
  },
  {
    ...{ example: 'build', name: 'Build a dataset', to: paths.newDataset() },
    ...{ needs: 'DATASETS_WRITE', done: state.datasetCount > 0 },
  },
  {
    ...{ example: 'start', name: 'Start the one-minute run', to: paths.newRun() },
    ...{ needs: 'RUNS_WRITE', done: state.runCount > 0 },
  },
  {
    ...{ example: 'follow', name: 'Watch its log and loss' },
    to: state.newestRun === undefined ? paths.runs() : paths.run(state.newestRun, 'logs'),
    done: state.hasStarted,
  },
  {
    ...{ example: 'evaluate', name: 'Evaluate it', to: paths.leaderboard() },
    ...{ needs: 'EVALUATIONS_WRITE', done: state.evaluationCount > 0 },
  },
  {
    ...{ example: 'baseline', name: 'Set a baseline', to: paths.leaderboard() },
    ...{ needs: 'EVALUATIONS_WRITE', done: state.baselineCount > 0 },
  },
  {
    ...{ example: 'gate', name: 'Run the gate', to: paths.baselines() },
    ...{ needs: 'EVALUATIONS_WRITE', done: state.checkCount > 0 },
  },
  {
    ...{ example: 'notebook', name: 'Follow it from the notebook', to: paths.api() },
    ...{ done: state.followedFromNotebook, optional: true },
  },
  {
    ...{ name: 'Connect a GPU runner', to: paths.runners({ connect: 'open' }), optional: true },
    needs: 'RUNNERS_WRITE',
    done: state.gpu !== undefined,
    note: state.gpu === undefined ? undefined : `Connected: ${state.gpu}`,
  },
];

/** The steps that somebody with these scopes can take; none for who changes nothing, all without scopes. */
export function stepsFor(state: LoopState, scopes: ReadonlySet<Scope> | undefined): Step[] {
  const steps = stepsOf(state).filter(({ needs }) => !needs || !scopes || scopes.has(needs));
  return steps.some(({ needs }) => needs) ? steps : [];
}
