import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { openJudge, PASS, readEvaluation, requestByModel } from '../test/judgeRig.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { cancelEvaluation, resumeEvaluation } from './cancel.ts';
import { evaluate } from './evaluate.ts';
import { EvaluateByEndpoint } from './job.ts';
import { followEvaluation } from './progress.ts';

const jobsOf = async (app: App, id: string) => {
  const { rows } = await app.sql.query(
    `SELECT FROM pgboss.job WHERE name = $1 AND data->>'evaluationId' = $2`,
    [EvaluateByEndpoint.name, id],
  );
  return rows.length;
};

describe('cancelling', () => {
  test('ends a waiting evaluation at once, which is never judged then', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { id } = await requestByModel(judge.app, 2);
    await cancelEvaluation(app, id);
    await evaluate(judge.app, id);
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'CANCELLED', items: [] });
    expect(judge.server.asked).toEqual([]);
  });

  test('stops a running one soon, keeps what was judged, and it can go on', async ({ app }) => {
    let hangs = true;
    await using judge = await openJudge(
      app,
      (item) => (hangs && item >= 2 ? { misbehave: 'HANG' } : { reply: PASS }),
      { timeoutSeconds: 60, concurrency: 1 },
    );
    const { id } = await requestByModel(judge.app, 4);
    const working = evaluate(judge.app, id);
    await until(
      async () =>
        judge.server.asked.length === 3 && (await readEvaluation(app, id)).judgedCount === 2,
    );
    const start = performance.now();
    await cancelEvaluation(app, id);
    await working;
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'CANCELLED',
      cancelRequestedAt: expect.any(Date),
      judgedCount: 2,
      items: [{ correct: true }, { correct: true }],
    });
    hangs = false;
    await resumeEvaluation(judge.app, id);
    expect(await jobsOf(app, id)).toBe(2);
    await evaluate(judge.app, id);
    expect(judge.askedItems()).toEqual([0, 1, 2, 2, 3]);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'COMPLETED',
      cancelRequestedAt: null,
    });
  });

  test('and ending at once leave one status', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    for (let round = 0; round < 5; round++) {
      const { id, run } = await requestByModel(judge.app, 2);
      const [, cancelled] = await Promise.allSettled([
        evaluate(judge.app, id),
        cancelEvaluation(app, id),
      ]);
      const { status, score } = await readEvaluation(app, id);
      expect(status).toBe(cancelled.status === 'fulfilled' ? 'CANCELLED' : 'COMPLETED');
      expect(score === null).toBe(status === 'CANCELLED');
      const told = await app.db.runEvent.count({ where: { runId: run.id } });
      expect(told).toBe(status === 'COMPLETED' ? 1 : 0);
    }
  });

  test('is refused for what has ended, and no error twice', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { id } = await requestByModel(judge.app, 1);
    await expect(resumeEvaluation(app, id)).rejects.toThrow(InvalidStateError);
    await evaluate(judge.app, id);
    await expect(cancelEvaluation(app, id)).rejects.toThrow('The evaluation is completed already.');
    await expect(resumeEvaluation(app, id)).rejects.toThrow(/completed. Only one that failed/);
    const { id: other } = await requestByModel(judge.app, 1);
    await cancelEvaluation(app, other);
    await expect(cancelEvaluation(app, other)).resolves.toEqual({ id: other });
    const nothing = crypto.randomUUID();
    await expect(cancelEvaluation(app, nothing)).rejects.toThrow(NotFoundError);
    await expect(resumeEvaluation(app, nothing)).rejects.toThrow(NotFoundError);
  });
});

describe('following an evaluation', () => {
  test('shows it now, as it advances, and its end', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }), { concurrency: 1 });
    const { id } = await requestByModel(judge.app, 3);
    const seen: string[] = [];
    const following = (async () => {
      for await (const each of followEvaluation(app, id)) {
        const { status, judgedCount } = await readEvaluation(app, each.id);
        seen.push(`${status} ${judgedCount}`);
      }
    })();
    await until(async () => seen.length === 1);
    await evaluate(judge.app, id);
    await following;
    expect(seen[0]).toBe('PENDING 0');
    expect(seen.at(-1)).toBe('COMPLETED 3');
  });

  test('ends at once for one that is not there', async ({ app }) => {
    const stream = followEvaluation(app, crypto.randomUUID());
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
