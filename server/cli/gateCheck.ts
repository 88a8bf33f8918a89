/** What the gate asks the server: to wait for an evaluation, and to check it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, granted, REFUSAL, type Refusal, Refused, type Target, Unreachable } from './ask.ts';
import { runVariables } from './runRef.ts';

type Verdict = 'PASS' | 'REGRESSED' | 'INCONCLUSIVE' | 'NOT_COMPARABLE';

export type GateSlice = {
  by: string;
  value: string;
  verdict: Verdict | null;
  items: number;
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  worseCount: number | null;
  betterCount: number | null;
  pValue: number | null;
  adjustedP: number | null;
  floor: { minimum: number; accuracy: number | null; items: number; verdict: Verdict } | null;
};

/** A stored check, as the API and the page show it. */
export type GateCheck = {
  id: string;
  verdict: Verdict;
  outcome: 'PASS' | 'WARN' | 'FAIL';
  reasons: string[];
  test: string;
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  deltaPercent: number | null;
  itemCount: number | null;
  worseCount: number | null;
  betterCount: number | null;
  pValue: number | null;
  interval: { low: number; high: number } | null;
  minDetectable: number | null;
  slices: GateSlice[];
  policy: { alpha: number; onInconclusive: string };
  createdAt: string;
  baseline: { name: string; revision: number; metric: string };
  evaluation: { id: string; judge: { ref: string }; run: { number: number } };
};

const CHECK = `${REFUSAL}
mutation GateCheck($input: CheckRegressionInput!) {
  checkRegression(input: $input) {
    ... on CheckRegressionPayload {
      check {
        id verdict outcome reasons test baselineValue candidateValue delta deltaPercent
        itemCount worseCount betterCount pValue interval { low high } minDetectable seed resamples
        slices {
          by value verdict items baselineValue candidateValue delta worseCount betterCount
          test pValue adjustedP floor { minimum accuracy items verdict interval { low high } }
        }
        policy createdAt
        baseline { id name revision metric evaluation { id } }
        evaluation { id judge { ref } run { id number } }
      }
    }
    ...Refusal
  }
}`;

type CheckAnswer = { checkRegression: { check: GateCheck } | Refusal };

/** Which evaluation: that of an id, or the fitting one of a run. */
export type Subject = { runId: string } | { evaluationId: string };

/**
 * Has the server check the subject against a baseline and store the verdict.
 * @throws Unreachable, Refused
 */
export async function check(
  target: Target,
  baseline: string,
  subject: Subject,
): Promise<GateCheck> {
  const input = { baseline, ...subject };
  const { checkRegression: answer } = await ask<CheckAnswer>(target, CHECK, { input });
  return granted(answer).check;
}

const RUN = `query GateRun($id: ID, $number: Int) {
  run(id: $id, number: $number) { id number status evaluations { id status } }
}`;

const EVALUATION = `query GateEvaluation($id: ID!) {
  evaluation(id: $id) { id status run { id number } }
}`;

type Evaluation = { id: string; status: string };
type Run = { id: string; number: number; status: string };
type RunAnswer = { run: (Run & { evaluations: Evaluation[] }) | null };
type EvaluationAnswer = { evaluation: (Evaluation & { run: Run }) | null };

/** A run by its number or id, or an evaluation by its id. */
export type Named = { run: string | undefined; evaluation: string | undefined };

/**
 * What is named, and whether its evaluation is over.
 * @throws Unreachable, Refused with code NOT_FOUND
 */
async function look(target: Target, named: Named): Promise<{ subject: Subject; isOver: boolean }> {
  const { run: runRef, evaluation: id } = named;
  const run = runRef === undefined ? null : await lookForRun(target, runRef);
  if (id === undefined) return { subject: { runId: run?.id ?? '' }, isOver: !run || isJudged(run) };
  const { evaluation } = await ask<EvaluationAnswer>(target, EVALUATION, { id });
  if (!evaluation) throw new Refused(`There is no evaluation ${id}.`, 'NOT_FOUND');
  if (run && run.id !== evaluation.run.id) {
    const message = `The evaluation ${id} is of run ${evaluation.run.number}, not of run ${run.number}.`;
    throw new Refused(message, 'NOT_FOUND');
  }
  return { subject: { evaluationId: evaluation.id }, isOver: !isUnderWay(evaluation) };
}

async function lookForRun(target: Target, ref: string) {
  const { run } = await ask<RunAnswer>(target, RUN, runVariables(ref));
  if (!run) throw new Refused(`There is no run ${ref}.`, 'NOT_FOUND');
  return run;
}

const isUnderWay = ({ status }: { status: string }) => status === 'PENDING' || status === 'RUNNING';

/** A run that failed may never be evaluated; one that completed may be about to. */
function isJudged({ status, evaluations }: NonNullable<RunAnswer['run']>): boolean {
  if (isUnderWay({ status }) || evaluations.some(isUnderWay)) return false;
  return evaluations.length > 0 || status !== 'COMPLETED';
}

const POLL_MS = 500;

/**
 * Finds what is named, and waits at most `seconds` until its evaluation is over; a server that goes
 * away meanwhile is waited for too.
 * @returns null when it is not over by then.
 * @throws Unreachable, Refused
 */
export async function awaitSubject(
  target: Target,
  named: Named,
  seconds: number,
): Promise<Subject | null> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const isLast = performance.now() >= deadline;
    try {
      const { subject, isOver } = await look(target, named);
      // Without a wait the server says by itself what is missing.
      if (isOver || seconds === 0) return subject;
      if (isLast) return null;
    } catch (error) {
      if (isLast || !(error instanceof Unreachable)) throw error;
    }
    await sleep(POLL_MS);
  }
}
