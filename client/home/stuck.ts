/** Where the loop waits for somebody, in words, and where to go from there. Pure. */
import { formatAgo, formatCount, plural } from '../lib/format.ts';
import { paths } from '../paths.ts';

type State = {
  datasetCount: number;
  evaluationCount: number;
  baselineCount: number;
  stuck: {
    newTraceCount: number;
    untrainedDataset?: { key: string; createdAt: string } | null;
    unevaluatedRunCount: number;
    unevaluatedRun?: { number: number } | null;
    uncheckedEvaluationCount: number;
  };
};

type Stage = 'datasets' | 'runs' | 'evaluations' | 'baselines';
export type StuckAt = { text: string; to: string };

/** The server counts no further. */
const COUNTED = 1000;
const count = (value: number) =>
  value < COUNTED ? formatCount(value) : `${formatCount(COUNTED)}+`;
const some = (value: number, one: string) =>
  value < COUNTED ? plural(value, one) : `${count(value)} ${one}s`;

/** What each stage lacks that the one before it has; nothing where all went on. */
export function stuckAt(state: State, now: number): Partial<Record<Stage, StuckAt>> {
  const { stuck } = state;
  const found: Partial<Record<Stage, StuckAt>> = {};
  if (stuck.newTraceCount > 0) {
    const verb = stuck.newTraceCount === 1 ? 'is' : 'are';
    found.datasets = {
      text: `${some(stuck.newTraceCount, 'new trace')} ${verb} in no dataset`,
      to: paths.newDataset(),
    };
  }
  const dataset = stuck.untrainedDataset;
  if (dataset) {
    found.runs = {
      text: `${dataset.key} built ${formatAgo(dataset.createdAt, now)}, never trained`,
      to: paths.newRun({ dataset: dataset.key }),
    };
  }
  const run = stuck.unevaluatedRun;
  if (run) {
    found.evaluations = {
      text:
        stuck.unevaluatedRunCount === 1
          ? `run ${run.number} was never evaluated`
          : `${some(stuck.unevaluatedRunCount, 'run')} never evaluated, the newest is ${run.number}`,
      to: paths.run(run.number),
    };
  }
  if (state.evaluationCount > 0 && state.baselineCount === 0) {
    found.baselines = { text: 'no evaluation is a baseline yet', to: paths.leaderboard() };
  } else if (state.baselineCount > 0 && stuck.uncheckedEvaluationCount > 0) {
    found.baselines = {
      text: `${some(stuck.uncheckedEvaluationCount, 'evaluation')} since the last check`,
      to: paths.baselines(),
    };
  }
  return found;
}
