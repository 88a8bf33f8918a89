import { normalisePrompt } from '../../lib/text.ts';
import type { Found, Item } from './model.ts';
import { openNearIndex, sketchOf } from './nearIndex.ts';
import { figuresOf, gramsOf, wordsOf } from './words.ts';

/** One question of an evaluation set. */
export type Question = { id: string; setKey: string; itemId: string; prompt: string };

type Kind = 'EQUAL' | 'NEAR' | 'CONTAINED';

/** Words in a row that are looked for in a prompt; a shorter question is looked for as a whole. */
const GRAM = 8;
/** A question of fewer words occurs in other texts by chance, so it must be equal. */
const MIN_WORDS = 4;
/** From this share of its grams on, a question counts as contained. */
const CONTAINED = 0.8;

/** Questions with the same prompt, in any number of sets. */
type Group = { questions: Question[]; size: number; grams: number; figures: string };

/**
 * EVALUATION_LEAKAGE: a training prompt gives away a question of an evaluation set, because it is
 * the same, nearly the same, or holds it: at least 80 % of the question's runs of eight words (all
 * of its words in a row when it has fewer) and its numbers in a row. `learn` takes the questions,
 * then `look` the items of TRAIN.
 */
export function openEvaluationLeakageRule() {
  const groups: Group[] = [];
  const equal = new Map<string, number>();
  const near = openNearIndex();
  /** For each length of a gram: which groups have it. */
  const holders = new Map<number, Map<number, number[]>>();

  const contained = (words: string[], figures: string): Map<number, number> => {
    const hits = new Map<number, number>();
    for (const [size, index] of holders) {
      if (words.length < size) continue;
      for (const gram of gramsOf(words, size)) {
        for (const group of index.get(gram) ?? []) hits.set(group, (hits.get(group) ?? 0) + 1);
      }
    }
    const shares = [...hits].flatMap(([at, count]): [number, number][] => {
      const group = groups[at];
      if (!group || !` ${figures} `.includes(` ${group.figures} `)) return [];
      const share = count / group.grams;
      return share >= CONTAINED ? [[at, share]] : [];
    });
    return new Map(shares.sort(([a], [b]) => a - b));
  };

  return {
    learn(question: Question): void {
      const text = normalisePrompt(question.prompt);
      const known = groups[equal.get(text) ?? -1];
      if (known) {
        known.questions.push(question);
        return;
      }
      const words = wordsOf(question.prompt);
      const size = Math.min(GRAM, words.length);
      const grams = size < MIN_WORDS ? new Set<number>() : gramsOf(words, size);
      const figures = figuresOf(words);
      const at = groups.push({ questions: [question], size, grams: grams.size, figures }) - 1;
      equal.set(text, at);
      near.findOrAdd(at, sketchOf(words));
      const index = holders.get(size) ?? new Map<number, number[]>();
      holders.set(size, index);
      for (const gram of grams) {
        const list = index.get(gram);
        if (list) list.push(at);
        else index.set(gram, [at]);
      }
    },
    look({ payload }: Item): Found[] {
      if (groups.length === 0) return [];
      const words = wordsOf(payload.prompt);
      const found = new Map<number, { kind: Kind; similarity: number }>();
      for (const [at, similarity] of contained(words, figuresOf(words))) {
        found.set(at, { kind: 'CONTAINED', similarity });
      }
      const like = near.find(sketchOf(words));
      if (like) found.set(like.id, { kind: 'NEAR', similarity: like.similarity });
      const same = equal.get(normalisePrompt(payload.prompt));
      if (same !== undefined) found.set(same, { kind: 'EQUAL', similarity: 1 });
      return [...found].flatMap(([at, match]) =>
        (groups[at]?.questions ?? []).map((question) => toFound(question, match)),
      );
    },
  };
}

const WORDS = { EQUAL: 'is', NEAR: 'is nearly', CONTAINED: 'contains' } satisfies Record<
  Kind,
  string
>;

const toFound = (
  { id, setKey, itemId }: Question,
  { kind, similarity }: { kind: Kind; similarity: number },
): Found => ({
  code: 'EVALUATION_LEAKAGE',
  message: `The prompt ${WORDS[kind]} item “${itemId}” of evaluation set ${setKey}.`,
  data: { kind, similarity, evaluationSetKey: setKey, itemId },
  evaluationItemId: id,
});
