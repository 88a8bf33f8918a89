import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeCompletedRun, makeDataset, makeRun } from '../test/make.ts';
import { withStandIn } from '../test/rig.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { startWork } from '../work.ts';
import { EXIT } from './define.ts';
import { evaluateCommand } from './evaluate.ts';

const evaluate = (url: string, ...args: string[]) => runIn({ url }, evaluateCommand, ...args);

/** The number of a run that got one of two answers right. */
async function makeJudgeable(app: App): Promise<string> {
  const dataset = await makeDataset(app, { test: ['7', '8'] });
  const { number } = await makeCompletedRun(app, dataset, ['Answer: 7', 'Answer: 9']);
  return String(number);
}

/** A server, and a runner that judges. */
async function openRig(app: App) {
  const server = await openServer(app);
  const work = await startWork(await withStandIn(app));
  return {
    server,
    async [Symbol.asyncDispose]() {
      await work.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('tunix-rt evaluate', () => {
  test('waits for the score and prints it', async ({ app }) => {
    await using rig = await openRig(app);
    const { server } = rig;
    const number = await makeJudgeable(app);
    expect(await evaluate(server.url, number, '--split', 'test')).toEqual({
      code: EXIT.ok,
      out: expect.stringMatching(
        new RegExp(`^Run ${number} by answer_correctness@1: score 50\\.00 over 2 items\n$`),
      ),
      error: '',
    });
    const { out } = await evaluate(server.url, number, '--json');
    const stored = await app.db.evaluation.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(JSON.parse(out)).toMatchObject({ status: 'COMPLETED', score: stored.score });
  });

  test('ends with 130 at Ctrl-C while nobody judges, and at once when told not to wait', async ({
    app,
  }) => {
    await using server = await openServer(app);
    const number = await makeJudgeable(app);
    const asked = await evaluate(server.url, number, '--no-wait', '--json');
    expect(asked.code).toBe(EXIT.ok);
    expect(JSON.parse(asked.out)).toMatchObject({
      status: 'PENDING',
      run: { number: Number(number) },
    });
    const interrupted = await runIn(
      { url: server.url, interruption: AbortSignal.abort() },
      evaluateCommand,
      number,
    );
    expect(interrupted).toMatchObject({ code: EXIT.interrupted, out: '' });
    expect(interrupted.error).toContain('the evaluation goes on');
  });

  test('exits with 2 for what is wrong and 4 for a run that has not ended', async ({ app }) => {
    await using server = await openServer(app);
    const number = await makeJudgeable(app);
    expect(await evaluate(server.url, '999999')).toMatchObject({ code: EXIT.usage });
    const judge = await evaluate(server.url, number, '--judge', 'nobody');
    expect(judge.code).toBe(EXIT.usage);
    expect(judge.error).toContain('judge: ');
    const step = await evaluate(server.url, number, '--step', 'last');
    expect(step.code).toBe(EXIT.usage);
    expect(step.error).toContain('--step');
    const { id } = await makeDataset(app);
    const running = await makeRun(app, id, { status: 'RUNNING' });
    expect(await evaluate(server.url, String(running.number))).toMatchObject({
      code: EXIT.refused,
    });
  });

  test('exits with 3 when nobody answers, and explains itself', async () => {
    expect(await evaluate('http://127.0.0.1:9', '1')).toMatchObject({ code: EXIT.unreachable });
    const { code, out } = await evaluate('http://127.0.0.1:9', '--help');
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Exit codes: 0');
  });
});
