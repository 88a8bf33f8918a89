/**
 * Sample traces: short word problems about things that are gained and given away.
 *
 * Pure and seeded: the same count and seed give the same traces, and no two share a prompt. No
 * number exceeds 18, so that a model of a hundred thousand parameters can learn the sums from a few
 * hundred traces instead of only imitating their form.
 */
export interface SampleTrace {
  trace_version: '1.0';
  prompt: string;
  steps: { i: number; type: string; content: string }[];
  final_answer: string;
  meta: { source: 'sample'; task: string; seed: number; index: number };
}

const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hugo'];
const things = ['apples', 'books', 'coins', 'pens', 'shells', 'stamps'];

const smallest = 2;
const largest = 9;
const amounts = largest - smallest + 1;

/**
 * Who draws with which seed. No two share one: a trace that is there already is not stored again and keeps
 * its tags, so whoever builds a dataset by the tag of an import would miss it.
 */
export const sampleSeeds = { demo: 7, quickstart: 3, commandLine: 1 };

/** Less than half of the distinct prompts there are, so that drawing without repetition stays fast. */
export const maxSampleTraces = 10_000;

/** mulberry32: 32 bits of state, uniform enough to draw samples, the same on every engine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` traces with distinct prompts. Throws RangeError above `maxSampleTraces`. */
export function sampleTraces(count: number, seed: number): SampleTrace[] {
  if (!Number.isInteger(count) || count < 0 || count > maxSampleTraces) {
    throw new RangeError(`count must be an integer from 0 to ${maxSampleTraces}`);
  }
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const amount = (): number => smallest + below(amounts);
  const taken = new Set<string>();
  const traces: SampleTrace[] = [];
  while (traces.length < count) {
    const name = names[below(names.length)];
    const thing = things[below(things.length)];
    const start = amount();
    const gained = amount();
    const given = amount();
    // Only what is there can be given away.
    if (given > start + gained) continue;
    const prompt =
      `${name} has ${start} ${thing}, gets ${gained} more and gives ${given} away. ` +
      `How many ${thing} are left?`;
    if (taken.has(prompt)) continue;
    taken.add(prompt);
    const sum = start + gained;
    const left = sum - given;
    traces.push({
      trace_version: '1.0',
      prompt,
      steps: [
        { i: 0, type: 'add', content: `${start} + ${gained} = ${sum}` },
        { i: 1, type: 'subtract', content: `${sum} - ${given} = ${left}` },
      ],
      final_answer: String(left),
      meta: { source: 'sample', task: 'gain-and-give', seed, index: traces.length },
    });
  }
  return traces;
}
