/** What is news and what is not. Pure but for what it remembers of the stream. */
import { paths } from '../paths.ts';
import type { NewsItem } from './news.ts';

type Run = {
  id: string;
  number: number;
  name?: string | null;
  status: string;
  error?: string | null;
  attempt: number;
};
type Check = {
  id: string;
  verdict: string;
  baseline: { name: string };
  evaluation: { run: { number: number } };
  reasons: readonly string[];
};
type Runner = { id: string; name: string; online: boolean; stoppedAt?: string | null };

const ENDS: Record<string, { tone: NewsItem['tone']; word: string }> = {
  COMPLETED: { tone: 'good', word: 'is completed' },
  FAILED: { tone: 'bad', word: 'failed' },
  TIMEOUT: { tone: 'bad', word: 'timed out' },
  CANCELLED: { tone: 'good', word: 'was cancelled' },
};

/** Answers with the news in what a stream says, at `now`; undefined when it is none. */
export function openNewsOf() {
  const active = new Set<string>();
  const online = new Map<string, boolean>();
  let knownChecks: Set<string> | undefined;
  return {
    /** A run that was seen before it was over and now is. */
    run(run: Run, now: number): NewsItem | undefined {
      const end = ENDS[run.status];
      if (!end) {
        active.add(run.id);
        return undefined;
      }
      if (!active.delete(run.id)) return undefined;
      const name = run.name ? ` ${run.name}` : '';
      return {
        id: `run ${run.number} ${run.status} ${run.attempt}`,
        tone: end.tone,
        title: `Run ${run.number}${name} ${end.word}`,
        text: run.error ?? '',
        to: paths.run(run.number),
        at: now,
      };
    },
    /** The ids of the runs that are not over, as far as it was heard. */
    active: (): string[] => [...active],
    /** Regressions that came since the first answer. */
    checks(open: readonly Check[], now: number): NewsItem[] {
      const before = knownChecks;
      knownChecks = new Set([...(before ?? []), ...open.map(({ id }) => id)]);
      if (!before) return [];
      return open
        .filter(({ id, verdict }) => verdict === 'REGRESSED' && !before.has(id))
        .map(({ id, baseline, evaluation, reasons }) => ({
          id: `check ${id}`,
          tone: 'bad',
          title: `Run ${evaluation.run.number} is worse than ${baseline.name}`,
          text: reasons[0] ?? '',
          to: paths.baseline(baseline.name, { check: id }),
          at: now,
        }));
    },
    /** A runner that was there and is gone without a word: one that was stopped said so. */
    runner(runner: Runner, now: number): NewsItem | undefined {
      const before = online.get(runner.id);
      online.set(runner.id, runner.online);
      if (!before || runner.online || runner.stoppedAt) return undefined;
      return {
        id: `runner ${runner.id} ${now}`,
        tone: 'bad',
        title: `Runner ${runner.name} is gone`,
        text: 'It is not heard of any more.',
        to: paths.runners(),
        at: now,
      };
    },
  };
}
