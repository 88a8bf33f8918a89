import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../lib/canonical.ts';
import { makePayload } from '../test/make.ts';
import { TracePayload } from './model.ts';
import { isCertainlyTrace } from './quick.ts';
import { canonicalTrace } from './row.ts';

const SEED = 20_261_121;
const CASES = 20_000;

/** A generator of numbers in 0–1 that gives the same for the same seed (mulberry32). */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const next = random(SEED);
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;

const ODD = [
  '',
  'x',
  'é😀',
  'a\0b',
  '\ud83d',
  '\udc00x',
  'a'.repeat(64),
  'a'.repeat(65),
  '😀'.repeat(64),
];
const ODD_VALUES = [
  ...ODD,
  ...[0, 1, -1, 0.5, -0, 2 ** 53, 2 ** 53 - 1, Number.POSITIVE_INFINITY, Number.NaN, 1e21],
  ...[null, undefined, true, [], {}, ['x'], { a: 1 }],
  JSON.parse('{"__proto__": 1}'),
  { 'k\0': 1 },
  { 10: 1, 2: 'b', a: [{}] },
];

const deep = (levels: number): unknown => (levels === 0 ? 'end' : { in: deep(levels - 1) });

/** A valid trace with up to three fields replaced, added or taken away. */
function mutated(): unknown {
  const trace: Record<string, unknown> = structuredClone(
    makePayload({
      steps: Array.from({ length: 1 + Math.floor(next() * 4) }, (_, i) => ({
        i,
        type: pick(['think', 'say']),
        content: pick(['x', 'é😀'.repeat(20)]),
      })),
      meta: pick<unknown>([undefined, null, {}, { a: { b: [1, 'x', null] } }, deep(63), deep(64)]),
    }),
  );
  for (let changes = Math.floor(next() * 3); changes > 0; changes--) {
    const steps = trace.steps as Record<string, unknown>[];
    const target = next() < 0.4 && Array.isArray(steps) ? (pick(steps) ?? trace) : trace;
    if (typeof target !== 'object' || target === null) continue;
    const key = pick([...Object.keys(target), 'extra', 'meta', 'i']);
    if (next() < 0.2) delete target[key];
    else target[key] = pick(ODD_VALUES);
  }
  return trace;
}

describe(`the quick look at ${CASES} traces (seed ${SEED})`, () => {
  const traces = Array.from({ length: CASES }, mutated);

  test('takes none that is refused', () => {
    const wrong = traces.filter(
      (trace) => isCertainlyTrace(trace) && !TracePayload.safeParse(trace).success,
    );
    expect(wrong).toEqual([]);
  });

  test('takes nearly all that are valid', () => {
    const valid = traces.filter((trace) => TracePayload.safeParse(trace).success);
    expect(valid.length).toBeGreaterThan(CASES / 4);
    expect(valid.filter(isCertainlyTrace).length).toBeGreaterThan(valid.length * 0.9);
  });

  test('and the canonical JSON written out agree with the general ones', () => {
    for (const trace of traces.filter(isCertainlyTrace)) {
      expect(canonicalTrace(trace)).toBe(canonicalJson(trace));
    }
  });
});
