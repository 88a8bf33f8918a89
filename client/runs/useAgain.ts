/** New runs made from one that ended: each opens the page of the new one. */
import { useRouter } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { problemText, readProblem } from '../lib/problem.ts';
import { randomKey } from '../lib/randomKey.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { RunMutations_Resume, RunMutations_Retry } from './runMutations.ts';

/** The same configuration once more, from its first step. */
export function useRetry() {
  const router = useRouter();
  const [{ fetching }, ask] = useMutation(RunMutations_Retry);
  async function retry(runId: string) {
    const { data, error } = await ask({ input: { runId, idempotencyKey: randomKey() } });
    if (error) return tellFailure(error);
    const answer = data?.retryRun;
    if (answer?.__typename === 'RetryRunPayload') {
      tellDone(`Run #${answer.run.number} tries it again`);
      router.history.push(paths.run(answer.run.number));
    } else if (answer) tellProblem(problemText(readProblem(answer)), 'Not retried');
  }
  return { retry, isAsking: fetching };
}

/** The same configuration, on from a checkpoint. */
export function useResume() {
  const router = useRouter();
  const [{ fetching }, ask] = useMutation(RunMutations_Resume);
  async function resume(runId: string, step: number) {
    const { data, error } = await ask({ input: { runId, step, idempotencyKey: randomKey() } });
    if (error) return tellFailure(error);
    const answer = data?.resumeRun;
    if (answer?.__typename === 'ResumeRunPayload') {
      tellDone(`Run #${answer.run.number} goes on from step ${step}`);
      router.history.push(paths.run(answer.run.number));
    } else if (answer) tellProblem(problemText(readProblem(answer)), 'Not resumed');
  }
  return { resume, isAsking: fetching };
}
