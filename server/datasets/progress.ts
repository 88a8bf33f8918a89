import type { Pool, PoolClient } from 'pg';
import type { BuildPhase } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';

/** A build that says nothing for so long has lost its process. It speaks every five seconds. */
const SILENCE_SECONDS = 30;
const HEARTBEAT_MS = 5_000;
/** A failure this old when someone begins to follow is that of an earlier try of the key. */
const STALE_FAILURE_SECONDS = 10;

/** How far the building of a dataset is. */
export type Build = {
  key: string;
  phase: BuildPhase;
  /** Items written so far. */
  done: number;
  /** Items there will be; null before they are selected. */
  total: number | null;
  error: string | null;
  datasetId: string | null;
  /** Whether its process is gone; the key can be built again. */
  interrupted: boolean;
  createdAt: Date;
  updatedAt: Date;
};

const isFinal = ({ phase }: Build) => phase === 'COMPLETED' || phase === 'FAILED';

// A dataset that was built before builds were recorded has no row, and is as complete as any.
const READ = `
  SELECT key, phase, done, total, error, dataset_id AS "datasetId", created_at AS "createdAt",
         updated_at AS "updatedAt",
         phase IN ('SELECTING', 'WRITING')
           AND updated_at < now() - interval '${SILENCE_SECONDS} seconds' AS interrupted,
         phase = 'FAILED'
           AND updated_at < now() - interval '${STALE_FAILURE_SECONDS} seconds' AS stale
  FROM dataset_builds WHERE key = $1
  UNION ALL
  SELECT key, 'COMPLETED', item_count, item_count, NULL, id, created_at, created_at, false, false
  FROM datasets WHERE key = $1 AND NOT EXISTS (SELECT FROM dataset_builds WHERE key = $1)`;

const read = async (sql: Pool, key: string): Promise<(Build & { stale: boolean }) | null> =>
  (await sql.query<Build & { stale: boolean }>(READ, [key])).rows[0] ?? null;

/** The build of a key, or of the last try of it; null when there was none. */
export const readBuild = (sql: Pool, key: string): Promise<Build | null> => read(sql, key);

/**
 * The build of a key as it is, then after each change. Waits for one that has not begun; a failure
 * of an earlier try is passed over. Ends with COMPLETED or FAILED.
 */
export const followBuild = (
  app: Pick<App, 'sql' | 'bell'>,
  key: string,
): AsyncGenerator<Build, void> =>
  cancellable(async function* (signal) {
    using bell = app.bell.listen(`build:${key}`);
    let last = '';
    // Set from the first look on: what fails later has failed before the reader's eyes.
    let passed: Date | null | undefined;
    while (!signal.aborted) {
      const found = await read(app.sql, key);
      if (passed === undefined) passed = found?.stale ? found.createdAt : null;
      if (found && found.createdAt.getTime() !== passed?.getTime()) {
        const { stale: _, ...build } = found;
        // A heartbeat alone is no change.
        const state = JSON.stringify({ ...build, updatedAt: null });
        if (state !== last) yield build;
        if (isFinal(build)) return;
        last = state;
      }
      await bell.heard(signal);
    }
  });

const BEGIN = `
  INSERT INTO dataset_builds (key) VALUES ($1)
  ON CONFLICT (key) DO UPDATE SET phase = 'SELECTING', done = 0, total = NULL, error = NULL,
    created_at = greatest(now(), dataset_builds.created_at + interval '1 ms'), updated_at = now()
  WHERE dataset_builds.phase = 'FAILED' OR dataset_builds.phase <> 'COMPLETED'
    AND dataset_builds.updated_at < now() - interval '${SILENCE_SECONDS} seconds'
  RETURNING created_at AS "createdAt"`;

/** The record of one build, written beside its transaction so that others can see it. */
export type Progress = {
  /** Says how many items are written of how many. */
  writing(done: number, total: number): Promise<void>;
  /** Says in the build's transaction, as its last statement, that the dataset is there. */
  completed(client: PoolClient, datasetId: string, total: number): Promise<void>;
  /** Says why there will be no dataset. */
  failed(message: string): Promise<void>;
  [Symbol.dispose](): void;
};

/** Takes a key for one build, or gives null while another has it or has completed it. */
export async function beginBuild(
  app: Pick<App, 'sql' | 'bell' | 'log'>,
  key: string,
): Promise<Progress | null> {
  const begun = await app.sql.query<{ createdAt: Date }>(BEGIN, [key]);
  const [row] = begun.rows;
  if (!row) return null;
  const ring = () => app.bell.ring(`build:${key}`);
  ring();
  // The time of its begin tells this build from a later one of the same key.
  const set = async (sql: Pool | PoolClient, changes: string, values: unknown[] = []) => {
    await sql.query(
      `UPDATE dataset_builds SET updated_at = now()${changes} WHERE key = $1 AND created_at = $2`,
      [key, row.createdAt, ...values],
    );
    ring();
  };
  const heart = setInterval(() => {
    set(app.sql, '').catch((error: unknown) =>
      app.log.warn({ err: error, key }, 'build progress not written'),
    );
  }, HEARTBEAT_MS);
  const stop = () => clearInterval(heart);
  return {
    writing: (done, total) =>
      set(app.sql, `, phase = 'WRITING', done = $3, total = $4`, [done, total]),
    completed: (client, datasetId, total) => {
      stop();
      const change = `, phase = 'COMPLETED', done = $3, total = $3, dataset_id = $4`;
      return set(client, change, [total, datasetId]);
    },
    failed: (message) => {
      stop();
      return set(app.sql, `, phase = 'FAILED', error = $3`, [message]);
    },
    [Symbol.dispose]: () => {
      stop();
      // Once more after the commit, which the last statement came before.
      ring();
    },
  };
}
