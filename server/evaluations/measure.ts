/** The metrics of an evaluation: over all items, and over each part of an evaluation set. */
import { type Interval, wilsonInterval } from '../lib/stats.ts';
import { metricsOf } from './model.ts';
import type { Slices } from './outputs.ts';

type Judged = {
  correct: boolean;
  /** 0–1. */
  score: number;
  extracted: string | null;
  slices: Slices | null;
  /** What else the judge measured, by name. */
  metrics?: unknown;
};

const PARTS = ['section', 'category', 'difficulty'] as const;

/**
 * Means over every item; `score` is in percent, `primary_score` and `accuracy` are 0–1. For an
 * evaluation set the same for each value of section, category and difficulty, as
 * `section/core/accuracy`, with `score`, `correct` and `items` beside it. What a judge measures of each
 * item is averaged over the items that have it, as `mean/<name>`.
 */
export function measure(items: readonly Judged[]) {
  const all = meansOf(items);
  return {
    ...all,
    primary_score: all.score / 100,
    answered: items.filter((item) => item.extracted !== null).length,
    ...meansOfMetrics(items),
    ...Object.assign({}, ...PARTS.map((part) => metricsOfPart(items, part))),
  } as typeof all & Record<string, number>;
}

function meansOf(items: readonly Judged[]) {
  const correct = items.filter((item) => item.correct).length;
  const sum = items.reduce((total, item) => total + item.score, 0);
  return {
    score: (100 * sum) / items.length,
    accuracy: correct / items.length,
    correct,
    items: items.length,
  };
}

function meansOfMetrics(items: readonly Judged[]): Record<string, number> {
  const named = items.flatMap((item) => Object.entries(metricsOf(item.metrics)));
  const means = [...Map.groupBy(named, ([name]) => name)].map(([name, values]) => {
    const sum = values.reduce((total, [, value]) => total + value, 0);
    return [`mean/${name}`, sum / values.length];
  });
  return Object.fromEntries(means);
}

function metricsOfPart(items: readonly Judged[], part: (typeof PARTS)[number]) {
  const valued = items.filter((item) => typeof item.slices?.[part] === 'string');
  const groups = Map.groupBy(valued, (item) => item.slices?.[part]);
  const named = [...groups].flatMap(([value, group]) =>
    Object.entries(meansOf(group)).map(([name, number]) => [`${part}/${value}/${name}`, number]),
  );
  return Object.fromEntries(named) as Record<string, number>;
}

/** One part of an evaluation set and how well it went. */
export type SliceScore = {
  by: Uppercase<(typeof PARTS)[number]>;
  value: string;
  items: number;
  correct: number;
  accuracy: number;
  interval: Interval | null;
};

/** The parts that stand in the metrics of an evaluation, by part and value. */
export function slicesOf(metrics: unknown): SliceScore[] {
  const numbers = metricsOf(metrics);
  return PARTS.flatMap((part) => {
    const names = Object.keys(numbers).filter(
      (name) => name.startsWith(`${part}/`) && name.endsWith('/accuracy'),
    );
    return names.sort().map((name): SliceScore => {
      const stem = name.slice(0, -'accuracy'.length);
      const of = (metric: string) => numbers[`${stem}${metric}`] ?? 0;
      const [items, correct, accuracy] = [of('items'), of('correct'), of('accuracy')];
      const by = part.toUpperCase() as SliceScore['by'];
      const value = stem.slice(part.length + 1, -1);
      return { by, value, items, correct, accuracy, interval: wilsonInterval(correct, items) };
    });
  });
}
