import { ValidationError } from '../../errors.ts';
import { answerCorrectness } from './answerCorrectness.ts';
import { gemma } from './gemma.ts';
import type { Judge, JudgeInfo } from './judge.ts';
import type { JudgeEndpoint } from './llm/endpoint.ts';
import { mock } from './mock.ts';
import { stepQuality } from './stepQuality.ts';

/** Every judge, older versions of the same name first. */
const judges: readonly Judge[] = [answerCorrectness, stepQuality, gemma, mock];

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

/**
 * The endpoint that a judge asks: the one that is named, or the only one there is; undefined for a
 * judge that needs none.
 * @throws ValidationError at `endpoint` when there is none of the name, or one is given in vain.
 */
export function findEndpoint(
  judge: JudgeInfo,
  name: string | null | undefined,
  endpoints: readonly JudgeEndpoint[],
): JudgeEndpoint | undefined {
  if (!judge.needsEndpoint) {
    if (name) refuse('NOT_NEEDED', `${judgeRef(judge)} asks no endpoint. Leave it out.`);
    return undefined;
  }
  const found = name
    ? endpoints.find((each) => each.name === name)
    : endpoints.length === 1 && endpoints[0];
  if (found) return found;
  if (endpoints.length === 0) {
    refuse(
      'UNKNOWN_ENDPOINT',
      `${judgeRef(judge)} asks a language model, and none is set up. The administrator names them ` +
        'in the setting JUDGE_ENDPOINTS of the server and of every runner.',
    );
  }
  const known = endpoints.map((each) => each.name).join(', ');
  if (name) refuse('UNKNOWN_ENDPOINT', `There is no such endpoint. Known are: ${known}.`);
  return refuse('REQUIRED', `${judgeRef(judge)} needs one. Known are: ${known}.`);
}

function refuse(code: string, message: string): never {
  throw new ValidationError([{ path: ['endpoint'], code, message: `endpoint: ${message}` }]);
}

/** The judge of a stored evaluation, described even when it is no longer registered. */
export function describeJudge(name: string, version: number): JudgeInfo {
  const judge = judges.find((each) => each.name === name && each.version === version);
  return (
    judge ?? {
      name,
      version,
      description: 'This judge is no longer part of the system.',
      inputs: [],
      cost: 'FREE',
      isMock: false,
      ranks: false,
      needsEndpoint: false,
    }
  );
}
