/** Lengths of items in tokens, as a check counted them: pairs of a length and how many have it. */
import type { App } from '../../app.ts';
import type { Summary, TokenLengths } from './model.ts';

type CountedSplit = keyof TokenLengths;

/** Counts lengths by side of the dataset. */
export function openLengths() {
  const counts = { TRAIN: new Map<number, number>(), EVAL: new Map<number, number>() };
  return {
    add(split: CountedSplit, length: number): void {
      counts[split].set(length, (counts[split].get(length) ?? 0) + 1);
    },
    /** Shortest first. */
    get list(): TokenLengths {
      const listed = (split: CountedSplit) => [...counts[split]].toSorted(([a], [b]) => a - b);
      return { TRAIN: listed('TRAIN'), EVAL: listed('EVAL') };
    },
  };
}

/** What the newest check counted with the tokenizer of this model; null when none did. */
export async function readTokenLengths(
  db: App['db'],
  datasetId: string,
  modelId: string,
): Promise<TokenLengths | null> {
  const checks = await db.datasetCheck.findMany({
    where: { datasetId, status: 'COMPLETED', settings: { path: ['modelId'], equals: modelId } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { summary: true },
    take: 10,
  });
  const summaries = checks.map(({ summary }) => summary as Partial<Summary>);
  return summaries.find(({ lengths }) => lengths)?.lengths ?? null;
}
