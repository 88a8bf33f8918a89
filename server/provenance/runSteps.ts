import type { Pool } from 'pg';
import type { Db } from '../db.ts';
import { digestOfLines, type Step } from './step.ts';

type Needs = { db: Db; sql: Pool };

/** Files of one kind that are named; the digest is over all of them. */
const NAMED = 20;

/** What a run left behind, then the run itself, with the versions that its last attempt saw. */
export async function runSteps(app: Needs, id: string): Promise<Step[] | null> {
  const run = await app.db.run.findUnique({ where: { id }, include: { evaluationSet: true } });
  if (!run) return null;
  const attempt = await app.db.runAttempt.findUnique({
    where: { runId_epoch: { runId: id, epoch: run.epoch } },
  });
  const runtime = (attempt?.runtime ?? {}) as { versions?: unknown; devices?: unknown };
  const config = run.config as { hyperparameters?: { seed?: number } };
  const { evaluationSet } = run;
  const steps: Step[] = await weights(app, id, run.epoch);
  steps.push({
    kind: 'RUN',
    title: `Run ${run.number}`,
    id,
    digest: run.configHash,
    facts: {
      mode: run.mode,
      model: run.modelId,
      config: run.config,
      seed: config.hyperparameters?.seed ?? null,
      attempt: run.epoch,
      versions: runtime.versions ?? null,
      devices: runtime.devices ?? null,
      reproduces: run.reproducesId,
    },
  });
  if (evaluationSet) steps.push(setStep(evaluationSet));
  return steps;
}

type Set = { id: string; key: string; contentHash: string; itemCount: number };

export const setStep = ({ id, key, contentHash, itemCount }: Set): Step => ({
  kind: 'EVALUATION_SET',
  title: key,
  id,
  digest: contentHash,
  facts: { key, items: itemCount },
});

/** Export and checkpoints: for each a line of path, size and sha256, in the order of the paths. */
async function weights({ db, sql }: Needs, runId: string, attempt: number): Promise<Step[]> {
  const { rows } = await sql.query<{
    kind: 'CHECKPOINT' | 'EXPORT';
    files: number;
    digest: string;
  }>(
    `SELECT kind, count(*)::int AS files,
       ${digestOfLines(`path || ' ' || size || ' ' || sha256`, 'path COLLATE "C"')} AS digest
     FROM artifacts WHERE run_id = $1 AND attempt = $2 AND kind IN ('CHECKPOINT', 'EXPORT')
     GROUP BY kind ORDER BY kind DESC`,
    [runId, attempt],
  );
  return Promise.all(
    rows.map(async ({ kind, files, digest }) => {
      const named = await db.artifact.findMany({
        where: { runId, attempt, kind },
        orderBy: { path: 'asc' },
        take: NAMED,
        select: { path: true, sha256: true },
      });
      return {
        kind: 'WEIGHTS' as const,
        title: kind === 'EXPORT' ? 'Exported model' : 'Checkpoints',
        id: null,
        digest,
        facts: { artifacts: kind, count: files, files: named },
      };
    }),
  );
}
