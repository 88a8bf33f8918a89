/** The trained models of a run: what each attempt left in the folder of its export. */
import type { Artifact } from '../../prisma/generated/client/client.ts';
import type { Db } from '../db.ts';
import { EXPORT_FOLDER } from './manifest.ts';

export type TrainedModel = {
  attempt: number;
  /** Its files by path, given up or not. */
  files: readonly Artifact[];
};

/** Those of a run, newest attempt first. */
export async function listTrainedModels(db: Db, runId: string): Promise<TrainedModel[]> {
  const files = await db.artifact.findMany({
    where: { runId, kind: 'EXPORT' },
    orderBy: [{ attempt: 'desc' }, { path: 'asc' }],
  });
  const byAttempt = Map.groupBy(files, ({ attempt }) => attempt);
  return [...byAttempt].map(([attempt, files]) => ({ attempt, files }));
}

/** The path of a file of a model in the folder that `from_pretrained` takes. */
export const pathInModel = (path: string): string => path.slice(EXPORT_FOLDER.length);
