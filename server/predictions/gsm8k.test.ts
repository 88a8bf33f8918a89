/** Does the judge agree with the labels that the authors of GSM8K gave to four systems of theirs? */
import { readFileSync } from 'node:fs';
import { checkRegression } from '../baselines/check.ts';
import { setBaseline } from '../baselines/set.ts';
import { createEvaluationSet } from '../evaluationSets/create.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { readLeaderboard } from '../evaluations/leaderboard.ts';
import { describe, expect, test } from '../test/test.ts';
import { importPredictions } from './import.ts';

type Line = {
  line: number;
  question: string;
  answer: string;
  outputs: Record<string, { last_line: string; is_correct: boolean }>;
};

const file = new URL('./fixtures/gsm8k-solutions.jsonl', import.meta.url);
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const jsonl = (values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');

const SYSTEMS = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification'];

describe('the published solutions to GSM8K', () => {
  test('are judged as their authors labelled them, item by item, and ranked by it', async ({
    app,
  }) => {
    const set = await createEvaluationSet(app, {
      name: 'gsm8k',
      version: 'first-107',
      jsonl: jsonl(
        lines.map(({ line, question, answer }) => ({
          id: `line-${line}`,
          prompt: question,
          expected_answer: answer,
        })),
      ),
    });
    for (const name of SYSTEMS) {
      const { runId } = await importPredictions(app, {
        system: { name, modelId: name.replace(/_.*/, '') },
        evaluationSetKey: set.key,
        jsonl: jsonl(
          lines.map(({ line, outputs }) => ({
            id: `line-${line}`,
            prediction: outputs[name]?.last_line,
          })),
        ),
      });
      const stored = await app.db.prediction.findMany({ where: { runId }, orderBy: { id: 'asc' } });
      expect(stored.map(({ text }) => text)).toEqual(
        lines.map(({ outputs }) => outputs[name]?.last_line),
      );
      const asked = await app.db.evaluation.findFirstOrThrow({ where: { runId } });
      await evaluate(app, asked.id);
      const items = await app.db.evaluationItem.findMany({
        where: { evaluationId: asked.id },
        orderBy: { position: 'asc' },
        select: { correct: true, setItem: { select: { itemId: true } } },
      });
      expect(items.map(({ setItem, correct }) => [setItem?.itemId, correct])).toEqual(
        lines.map(({ line, outputs }) => [`line-${line}`, outputs[name]?.is_correct]),
      );
      const right = lines.filter(({ outputs }) => outputs[name]?.is_correct).length;
      const judged = await app.db.evaluation.findUniqueOrThrow({ where: { id: asked.id } });
      expect(judged).toMatchObject({
        status: 'COMPLETED',
        correctCount: right,
        itemCount: 107,
        metrics: { accuracy: right / 107 },
      });
    }
    const { rows } = await readLeaderboard(app.sql, { filter: { evaluationSetKey: set.key } });
    const runs = await app.db.run.findMany({ where: { id: { in: rows.map((row) => row.runId) } } });
    const nameOf = new Map(runs.map(({ id, name }) => [id, name]));
    expect(rows.map(({ rank, runId }) => [rank, nameOf.get(runId)])).toEqual([
      [1, '175b_verification'],
      [2, '6b_verification'],
      [3, '175b_finetuning'],
      [4, '6b_finetuning'],
    ]);
    expect(rows.map(({ value }) => value)).toEqual([62, 38, 36, 24].map((n) => (100 * n) / 107));
    const best = rows[0]?.evaluationId ?? '';
    await setBaseline(app, { name: 'best', evaluationId: best });
    const check = (rank: number) =>
      checkRegression(app, { baseline: 'best', runId: rows[rank - 1]?.runId });
    expect(await check(1)).toMatchObject({ verdict: 'PASS' });
    expect(await check(4)).toMatchObject({ verdict: 'REGRESSED', itemCount: 107 });
  });
});
