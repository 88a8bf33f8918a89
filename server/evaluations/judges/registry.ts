import { ValidationError } from '../../errors.ts';
import { answerCorrectness } from './answerCorrectness.ts';
import type { Judge } from './judge.ts';

/** Every judge, older versions of the same name first. */
const judges: readonly Judge[] = [answerCorrectness];

/** What scores a finished run when nobody names a judge. */
export const DEFAULT_JUDGE = answerCorrectness.name;

/** `name@version`, which names one judge for ever. */
export const judgeRef = (judge: Pick<Judge, 'name' | 'version'>): string =>
  `${judge.name}@${judge.version}`;

/** Every judge that can be asked for. */
export const listJudges = (): readonly Judge[] => judges;

/**
 * The judge of a reference: `name@version`, or `name` for its newest version.
 * @throws ValidationError with code UNKNOWN_JUDGE; there is no judge to fall back to.
 */
export function findJudge(ref: string): Judge {
  const judge = judges.findLast((each) => each.name === ref || judgeRef(each) === ref);
  if (judge) return judge;
  const known = judges.map(judgeRef).join(', ');
  throw new ValidationError([
    {
      path: ['judge'],
      code: 'UNKNOWN_JUDGE',
      message: `judge: There is no such judge. Known are: ${known}.`,
      found: ref.slice(0, 200),
    },
  ]);
}

/** The judge of a stored evaluation, described even when it is no longer registered. */
export function describeJudge(name: string, version: number): Omit<Judge, 'judge'> {
  const judge = judges.find((each) => each.name === name && each.version === version);
  return judge ?? { name, version, description: 'This judge is no longer part of the system.' };
}
