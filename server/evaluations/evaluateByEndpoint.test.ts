import { FAIL, openJudge, PASS, readEvaluation, requestByModel } from '../test/judgeRig.ts';
import type { Behaviour } from '../test/judgeServer.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { resumeEvaluation } from './cancel.ts';
import { evaluate } from './evaluate.ts';
import { PROMPT_HASH } from './judges/llm/prompt.ts';

describe('an evaluation by a model', () => {
  test('asks about each item once and stores what it says', async ({ app }) => {
    await using judge = await openJudge(app, (item) => ({ reply: item === 1 ? FAIL : PASS }));
    const { id, run } = await requestByModel(judge.app, 3);
    await evaluate(judge.app, id);
    const { items, ...evaluation } = await readEvaluation(app, id);
    expect(evaluation).toMatchObject({
      status: 'COMPLETED',
      settings: { endpoint: 'local', model: 'judge-1', promptHash: PROMPT_HASH },
      itemCount: 3,
      judgedCount: 3,
      failedCount: 0,
      correctCount: 2,
      error: null,
      usage: { requests: 3, completionTokens: 2 * PASS.length + FAIL.length },
    });
    expect(evaluation.score).toBeCloseTo((90 + 20 + 90) / 3, 10);
    expect(evaluation.metrics).toMatchObject({ 'mean/correctness': 2 / 3, accuracy: 2 / 3 });
    expect(items).toMatchObject([
      { correct: true, score: 0.9, extracted: '1', rule: 'VERDICT:PASS', error: null },
      { correct: false, score: 0.2, rule: 'VERDICT:FAIL', details: { reasoning: 'wrong' } },
      { correct: true, details: { verdict: 'pass', raw: PASS, requests: 1 } },
    ]);
    expect(items[0]?.details).toMatchObject({
      promptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify([evaluation, items])).not.toContain('secret-key');
    expect(judge.server.mostActive).toBeLessThanOrEqual(4);
    expect(await app.db.runEvent.findMany({ where: { runId: run.id } })).toMatchObject([
      { kind: 'EVALUATED', data: { judge: 'gemma@1' } },
    ]);
  });

  test('asks side by side, as many as the endpoint allows', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ misbehave: 'HANG' }), { concurrency: 3 });
    const { id } = await requestByModel(judge.app, 6);
    await evaluate(judge.app, id);
    expect(judge.server.mostActive).toBe(3);
  });

  test('counts a missing prediction as wrong without asking', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { id, run } = await requestByModel(judge.app, 2);
    await app.db.prediction.deleteMany({ where: { runId: run.id, text: { contains: 'item 0' } } });
    await evaluate(judge.app, id);
    expect(judge.askedItems()).toEqual([1]);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'COMPLETED',
      correctCount: 1,
      items: [{ rule: 'NO_PREDICTION', correct: false }, { correct: true }],
    });
  });

  test.for([
    [{ status: 500 }, 'HTTP 500.'],
    [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, 'HTTP 302: redirects'],
    [{ misbehave: 'HANG' }, 'Timeout after 0.4 s.'],
    [{ misbehave: 'DRIP' }, 'Timeout after 0.4 s.'],
    [{ misbehave: 'ENDLESS' }, 'The reply is longer than'],
    [{ misbehave: 'NOT_JSON' }, 'The reply is no JSON.'],
    [{ reply: 'Score: 100, they pass!' }, 'The model did not reply with JSON: Score'],
  ] as [Behaviour, string][])(
    'ends in time with the reason on %j, and is resumed for that alone',
    async ([behaviour, reason], { app }) => {
      let isBad = true;
      const timeoutSeconds = reason.includes('longer') ? 20 : 0.4;
      await using judge = await openJudge(
        app,
        (item) => (isBad && item < 2 ? behaviour : { reply: PASS }),
        { timeoutSeconds },
      );
      const { id } = await requestByModel(judge.app, 4);
      const start = performance.now();
      await evaluate(judge.app, id);
      expect(performance.now() - start).toBeLessThan(timeoutSeconds * 1000 + 5_000);
      const failed = await readEvaluation(app, id);
      expect(failed).toMatchObject({ status: 'FAILED', score: null, correctCount: null });
      expect(failed).toMatchObject({
        judgedCount: 4,
        failedCount: 2,
        finishedAt: expect.any(Date),
      });
      expect(failed.error).toMatch(/^2 of 4 items could not be judged: .* \(2\)\. Resume it/);
      expect(failed.error).not.toContain('they pass');
      for (const item of failed.items.slice(0, 2)) {
        expect(item).toMatchObject({ rule: 'UNJUDGED', correct: false });
        expect(item.error).toContain(reason);
        expect(item.error).not.toContain('secret');
      }
      isBad = false;
      await resumeEvaluation(judge.app, id);
      await evaluate(judge.app, id);
      expect(judge.askedItems()).toEqual([0, 0, 1, 1, 2, 3]);
      expect(await readEvaluation(app, id)).toMatchObject({
        status: 'COMPLETED',
        error: null,
        correctCount: 4,
        failedCount: 0,
        usage: { requests: 6 },
      });
    },
  );

  test('names each reason with its number, the most frequent first', async ({ app }) => {
    await using judge = await openJudge(app, (item) =>
      item < 3 ? { status: 500 } : item < 5 ? { misbehave: 'NOT_JSON' } : { reply: PASS },
    );
    const { id } = await requestByModel(judge.app, 8);
    await evaluate(judge.app, id);
    expect((await readEvaluation(app, id)).error).toBe(
      '5 of 8 items could not be judged: HTTP 500 (3), The reply is no JSON (2). ' +
        'Resume it to ask for these items again.',
    );
  });

  test('gives up on an endpoint that is down, and asks for the rest when resumed', async ({
    app,
  }) => {
    let isDown = true;
    await using judge = await openJudge(app, () => (isDown ? { status: 503 } : { reply: PASS }), {
      concurrency: 1,
    });
    const { id } = await requestByModel(judge.app, 30);
    await evaluate(judge.app, id);
    expect(judge.server.asked).toHaveLength(20);
    expect((await readEvaluation(app, id)).error).toContain(
      '20 of 30 items could not be judged: HTTP 503 (20). 10 more were not asked',
    );
    isDown = false;
    await resumeEvaluation(judge.app, id);
    await evaluate(judge.app, id);
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'COMPLETED', itemCount: 30 });
    expect(judge.server.asked).toHaveLength(50);
  });

  test('tries an item again as often as the endpoint allows, and counts it', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ status: 500 }), { attempts: 2 });
    const { id } = await requestByModel(judge.app, 1);
    await evaluate(judge.app, id);
    expect(await readEvaluation(app, id)).toMatchObject({
      usage: { requests: 2, promptTokens: 0 },
      items: [{ details: { requests: 2 } }],
    });
  });

  test('does nothing twice for two workers at once', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { id, run } = await requestByModel(judge.app, 12);
    await Promise.all([evaluate(judge.app, id), evaluate(judge.app, id)]);
    expect(judge.askedItems()).toEqual([...Array(12).keys()]);
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'COMPLETED', judgedCount: 12 });
    expect(await app.db.runEvent.count({ where: { runId: run.id } })).toBe(1);
  });

  test('goes on with what is left when its worker is stopped', async ({ app }) => {
    let hangs = true;
    await using judge = await openJudge(
      app,
      (item) => (hangs && item >= 3 ? { misbehave: 'HANG' } : { reply: PASS }),
      { timeoutSeconds: 60, concurrency: 1 },
    );
    const { id } = await requestByModel(judge.app, 5);
    const shutdown = new AbortController();
    const working = evaluate(judge.app, id, shutdown.signal);
    await until(
      async () =>
        judge.server.asked.length === 4 && (await readEvaluation(app, id)).judgedCount === 3,
    );
    shutdown.abort(new Error('stopping'));
    await expect(working).rejects.toThrow('stopping');
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'RUNNING', judgedCount: 3 });
    hangs = false;
    await evaluate(judge.app, id);
    expect(judge.askedItems()).toEqual([0, 1, 2, 3, 3, 4]);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'COMPLETED',
      usage: { requests: 5 },
    });
  });

  test('fails where the runner knows no such endpoint, or another model behind it', async ({
    app,
  }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    const { id } = await requestByModel(judge.app, 1);
    await evaluate(app, id);
    expect((await readEvaluation(app, id)).error).toContain(
      'The runner knows no endpoint "local".',
    );
    await resumeEvaluation(app, id);
    const judgeEndpoints = [{ ...judge.endpoint, model: 'judge-2' }];
    await evaluate({ ...app, config: { ...app.config, judgeEndpoints } }, id);
    expect((await readEvaluation(app, id)).error).toMatch(/model judge-1, and now serves judge-2/);
    expect(judge.server.asked).toEqual([]);
  });
});
