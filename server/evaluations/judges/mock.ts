import { sha256 } from '../../lib/canonical.ts';
import { type Judge, type JudgeContext, type JudgedItem, Unjudged } from './judge.ts';

const PASS = 70;

/**
 * A number from the id of the run that says nothing about its texts, as the predecessor made it:
 * 50 + sha256(id) mod 50, ten less for a run of less than a second, passed from 70 on. Every item of
 * a run gets the same, one without a prediction too.
 */
export const mock = {
  name: 'mock',
  version: 1,
  description:
    'A MOCK: makes up a score of 40–99 from the id of the run and looks at no text. For trying the ' +
    'system out; it says nothing about a model.',
  inputs: ['run'],
  cost: 'FREE',
  isMock: true,
  ranks: false,
  needsEndpoint: false,
  judge(_item: JudgedItem, { run }: JudgeContext) {
    if (!run) throw new Unjudged('The mock looks at a run, and there is none here.');
    const { id, durationSeconds } = run;
    const base = 50 + Number(BigInt(`0x${sha256(id)}`) % 50n);
    const isHasty = durationSeconds !== null && durationSeconds > 0 && durationSeconds < 1;
    const score = isHasty ? base - 10 : base;
    const correct = score >= PASS;
    return {
      correct,
      score: score / 100,
      extracted: null,
      rule: correct ? 'MOCK:PASS' : 'MOCK:FAIL',
      // Constants of the predecessor.
      details: { isMock: true, metrics: { compliance: 1, coherence: 0.85 } },
    };
  },
} satisfies Judge;
