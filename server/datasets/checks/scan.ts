import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Split } from '../../../prisma/generated/client/enums.ts';
import { readItems } from '../read.ts';
import { tooManyChars } from './chars.ts';
import { openDuplicateRules } from './duplicates.ts';
import { openEvaluationLeakageRule, type Question } from './evaluationLeakage.ts';
import type { Findings } from './findings.ts';
import type { Item } from './model.ts';
import { openSplitLeakageRule } from './splitLeakage.ts';
import { answerNotInLastStep, emptySteps, repeatedSteps } from './steps.ts';

/** Longest time without a look at anything else: a runner renews leases meanwhile. */
const BREATH_MS = 20;

const PAGE = 500;

/**
 * Looks at every item with every rule but the one about tokens. Items are read in pages; of each one
 * a sketch is kept and no text.
 */
export async function scanDataset(
  sql: Pool,
  datasetId: string,
  maxChars: number,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  const evaluationLeakage = openEvaluationLeakageRule();
  for await (const question of readQuestions(sql)) evaluationLeakage.learn(question);
  const splitLeakage = openSplitLeakageRule();
  let breath = performance.now();
  const look = async (split: Split, rules: (item: Item) => void) => {
    for await (const { position, id, payload } of readItems(sql, datasetId, split)) {
      const item = { position, traceId: id, split, payload };
      findings.add(item, emptySteps(item));
      findings.add(item, repeatedSteps(item));
      findings.add(item, answerNotInLastStep(item));
      findings.add(item, tooManyChars(item, maxChars));
      rules(item);
      if (performance.now() - breath > BREATH_MS) {
        await setImmediate();
        breath = performance.now();
        signal.throwIfAborted();
      }
    }
  };
  const duplicatesInTrain = openDuplicateRules();
  await look('TRAIN', (item) => {
    findings.add(item, duplicatesInTrain(item));
    findings.add(item, evaluationLeakage.look(item));
    splitLeakage.learn(item);
  });
  for (const split of ['EVAL', 'TEST'] as const) {
    const duplicates = openDuplicateRules();
    await look(split, (item) => {
      findings.add(item, duplicates(item));
      findings.add(item, splitLeakage.look(item));
    });
  }
}

/** Every question of every evaluation set. */
async function* readQuestions(sql: Pool): AsyncGenerator<Question, void> {
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: Question[] } = await sql.query<Question>(
      `SELECT item.id, set.key AS "setKey", item.item_id AS "itemId", item.prompt
       FROM evaluation_set_items item JOIN evaluation_sets set ON set.id = item.set_id
       WHERE $1::uuid IS NULL OR item.id > $1 ORDER BY item.id LIMIT ${PAGE}`,
      [after],
    );
    yield* rows;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE) return;
  }
}
