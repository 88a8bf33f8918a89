import type { Found, Item } from './model.ts';
import { openNearIndex, sketchOf } from './nearIndex.ts';
import { wordsOf } from './words.ts';

/**
 * SPLIT_LEAKAGE: a held-out item asks nearly what an item of TRAIN asks, so that it measures memory.
 * `learn` takes the items of TRAIN, then `look` those of EVAL and TEST.
 */
export function openSplitLeakageRule() {
  const prompts = openNearIndex();
  const traceIds = new Map<number, string>();
  const promptOf = ({ payload }: Item) => sketchOf(wordsOf(payload.prompt));
  return {
    learn(item: Item): void {
      const isNew = prompts.findOrAdd(item.position, promptOf(item)) === null;
      if (isNew) traceIds.set(item.position, item.traceId);
    },
    look(item: Item): Found[] {
      const like = prompts.find(promptOf(item));
      const relatedTraceId = like && traceIds.get(like.id);
      if (!like || !relatedTraceId) return [];
      const percent = Math.floor(like.similarity * 100);
      return [
        {
          code: 'SPLIT_LEAKAGE',
          message: `This ${item.split} prompt is ${percent} % that of item ${like.id} of TRAIN.`,
          data: { position: like.id, similarity: like.similarity, split: item.split },
          relatedTraceId,
        },
      ];
    },
  };
}
