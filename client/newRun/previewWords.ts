/** What a preview says, in words. Pure. */

import { formatBytes, formatCount, plural } from '../lib/format.ts';
import { isObject } from '../lib/isObject.ts';

type Lengths = { items: number; longest: number; tooLong: number; source: string };

/** How long the items are, and whether that is known or guessed. */
export function lengthWords({ longest, tooLong, source }: Lengths): string {
  const about = source === 'TOKENS' ? '' : 'about ';
  const left = tooLong > 0 ? `, ${plural(tooLong, 'item')} too long and left out` : '';
  return `longest ${about}${plural(longest, 'token')}${left}`;
}

type Steps = { totalSteps: number; config: unknown };

/** The most tokens the training reads: each step is one batch, padded to the longest sequence. */
export function tokenWords({ totalSteps, config }: Steps): string | undefined {
  const hyper = isObject(config) && isObject(config.hyperparameters) ? config.hyperparameters : {};
  const { batchSize, maxSeqLength } = hyper;
  if (typeof batchSize !== 'number' || typeof maxSeqLength !== 'number') return undefined;
  return `at most ${formatCount(totalSteps * batchSize * maxSeqLength)}, with padding`;
}

type Parameters = { parameters: string | null; trainableParameters: string | null };

const SIZES = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `596 M` of 596,049,920. */
function short(count: number): string {
  const [size, unit] = SIZES.find(([least]) => count >= least) ?? [1, ''];
  return unit ? `${Number((count / size).toPrecision(3))} ${unit}` : String(count);
}

export function parameterWords({ parameters, trainableParameters }: Parameters) {
  if (parameters === null) return undefined;
  const all = short(Number(parameters));
  if (trainableParameters === null || trainableParameters === parameters) return all;
  return `${all}, of which ${short(Number(trainableParameters))} are trained`;
}

/** A size that is an estimate; nothing where it is not known. */
export const estimated = (bytes: string | null): string | undefined =>
  bytes === null ? undefined : `about ${formatBytes(bytes)}`;
