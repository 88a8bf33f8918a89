/** A system whose evaluations ask a stand-in model, and what it needs to be looked at. */
import type { App } from '../app.ts';
import { requestEvaluation } from '../evaluations/evaluate.ts';
import { JudgeEndpoint } from '../evaluations/judges/llm/endpoint.ts';
import { type Behaviour, startJudgeServer } from './judgeServer.ts';
import { makeCompletedRun, makeDataset } from './make.ts';

export const PASS =
  '{"score": 90, "verdict": "pass", "reasoning": "right", "metrics": {"correctness": 1}}';
export const FAIL =
  '{"score": 20, "verdict": "fail", "reasoning": "wrong", "metrics": {"correctness": 0}}';

/** The number in the generated text `item 3.`, by which the server tells items apart. */
const numberIn = (prompt: string) => Number(/\bitem (\d+)\./.exec(prompt)?.[1]);

/** The app with one endpoint, `local`, whose server behaves as told by the item's number. */
export async function openJudge(
  app: App,
  behave: (item: number) => Behaviour,
  options: Partial<JudgeEndpoint> = {},
) {
  const server = await startJudgeServer(({ prompt }) => behave(numberIn(prompt)));
  const endpoint = JudgeEndpoint.parse({
    name: 'local',
    kind: 'OPENAI',
    url: server.url,
    model: 'judge-1',
    apiKey: 'secret-key',
    timeoutSeconds: 0.4,
    concurrency: 4,
    attempts: 1,
    ...options,
  });
  return {
    app: { ...app, config: { ...app.config, judgeEndpoints: [endpoint] } } satisfies App,
    endpoint,
    server,
    /** The items that were asked about, in order of their numbers, each as often as it was. */
    askedItems: () => server.asked.map(({ prompt }) => numberIn(prompt)).sort((a, b) => a - b),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** A pending evaluation of as many items by the model; all expect 1 and answer it. */
export async function requestByModel(app: App, items: number) {
  const dataset = await makeDataset(app, { test: Array<string>(items).fill('1') });
  const texts = Array.from({ length: items }, (_, n) => `This is item ${n}.\nAnswer: 1`);
  const run = await makeCompletedRun(app, dataset, texts);
  const { id } = await requestEvaluation(app, { runId: run.id, judge: 'gemma' });
  return { id, run };
}

/** An evaluation with its items in order. */
export const readEvaluation = (app: Pick<App, 'db'>, id: string) =>
  app.db.evaluation.findUniqueOrThrow({
    where: { id },
    include: { items: { orderBy: { position: 'asc' } } },
  });
