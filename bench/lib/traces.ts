/** Generated traces: deterministic, different from one another, of a chosen size. */
import type { TracePayload } from '../../server/traces/model.ts';
import { below, randomOf } from './random.ts';
import { prose } from './words.ts';

/** Words that stand in a known share of the traces, for searches whose count is known. */
export const PLANTED = {
  rare: { word: 'zanthoxylum', every: 50_000, at: 7 },
  medium: { word: 'parallelepiped', every: 100, at: 3 },
  common: { word: 'integer', every: 2, at: 0 },
} as const;

/** How many of the first `count` traces hold a planted word. */
export const planted = (word: keyof typeof PLANTED, count: number): number => {
  const { every, at } = PLANTED[word];
  return Math.floor((count - 1 - at) / every) + 1;
};

const TOPICS = ['arithmetic', 'geometry', 'probability', 'algebra', 'conversion', 'word_problem'];
const TYPES = ['parse', 'plan', 'compute', 'check', 'conclude'];

/** Digits that stand for the pass over the same lines; see `stampPass`. */
const PASS = '000000000';

/**
 * Trace number `index`, of about `bytes` bytes of JSON (within a few per cent). The last field of
 * `meta` is `pass`, nine digits that may be overwritten in place to make the line another trace.
 */
export function traceOf(seed: number, index: number, bytes: number): TracePayload {
  const next = randomOf(seed, index);
  const count = bytes < 1000 ? 1 + below(next, 3) : 3 + below(next, 7);
  // Envelope, meta, and for each step its number, type and quotes.
  const room = Math.max(60, bytes - 255 - count * 46);
  const promptLength = Math.round(room * (0.15 + next() * 0.1));
  const stepLength = (room - promptLength) / count;
  const words = Object.values(PLANTED)
    .filter(({ every, at }) => index % every === at)
    .map(({ word }) => ` The ${word} matters here.`);
  const question = `Problem ${index}: ${prose(next, promptLength)}${words.join('')}`;
  const steps = Array.from({ length: count }, (_, i) => ({
    i,
    type: TYPES[below(next, TYPES.length)] ?? 'compute',
    content: prose(next, stepLength * (0.6 + next() * 0.8)),
  }));
  return {
    trace_version: next() < 0.9 ? '1.0' : '1.1',
    prompt: question,
    steps,
    final_answer: String(below(next, 100_000)),
    meta: {
      source: 'bench',
      topic: TOPICS[below(next, TOPICS.length)],
      index,
      difficulty: 1 + below(next, 5),
      pass: PASS,
    },
  };
}

const MARK = Buffer.from(`"pass":"${PASS}"`);

/** Where the nine digits of `pass` stand in a trace printed as JSON. */
export function passOffset(bytes: Buffer): number {
  const at = bytes.lastIndexOf(MARK);
  if (at === -1) throw new Error('the line has no pass field');
  return at + '"pass":"'.length;
}

/** The nine digits for a pass. */
export const passDigits = (pass: number): string => String(pass).padStart(PASS.length, '0');
