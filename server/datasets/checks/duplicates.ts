/**
 * EXACT_DUPLICATE and NEAR_DUPLICATE, among the items of one side. Across sides it is leakage, which
 * is worse and has a rule of its own.
 */
import { contentHash } from '../../lib/canonical.ts';
import { normalisePrompt } from '../../lib/text.ts';
import { type Found, type Item, stepsOf } from './model.ts';
import { openNearIndex, sketchOf } from './nearIndex.ts';
import { wordsOf } from './words.ts';

/** Equal for items whose prompt, steps and answer are the same but for case and spaces. */
const sameTextKey = (item: Item): string =>
  contentHash(
    [item.payload.prompt, ...stepsOf(item), item.payload.final_answer].map(normalisePrompt),
  );

/** Looks at the items of one side, one after the other; each is compared with those before it. */
export function openDuplicateRules() {
  const exact = new Map<string, { position: number; traceId: string }>();
  const near = openNearIndex();
  const traceIds = new Map<number, string>();
  return (item: Item): Found[] => {
    const { position, traceId, payload } = item;
    const key = sameTextKey(item);
    const same = exact.get(key);
    if (same) {
      return [
        {
          code: 'EXACT_DUPLICATE',
          message: `The text is that of item ${same.position}, but for case, spaces or meta.`,
          data: { position: same.position },
          relatedTraceId: same.traceId,
        },
      ];
    }
    exact.set(key, { position, traceId });
    const prompt = wordsOf(payload.prompt);
    const solution = [...stepsOf(item), payload.final_answer].flatMap(wordsOf);
    const like = near.findOrAdd(position, sketchOf([...prompt, ...solution], prompt));
    traceIds.set(position, traceId);
    if (!like) return [];
    const percent = Math.floor(like.similarity * 100);
    return [
      {
        code: 'NEAR_DUPLICATE',
        message: `Prompt and solution are ${percent} % the same as those of item ${like.id}.`,
        data: { position: like.id, similarity: like.similarity },
        relatedTraceId: traceIds.get(like.id) ?? traceId,
      },
    ];
  };
}
