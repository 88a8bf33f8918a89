/** How long after the commit of an evaluation a subscriber of the leaderboard knows of it. */
import { randomUUIDv7 } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { openDb } from '../../server/db.ts';
import { placeOnBoards } from '../../server/evaluations/boards.ts';
import type { Server } from '../lib/server.ts';
import { latencies, type Sample } from '../lib/stats.ts';
import { WrongResult } from '../lib/workload.ts';

const SUBSCRIPTION = `subscription Bench_LeaderboardChanged($filter: LeaderboardFilter) {
  leaderboardChanged(filter: $filter) { runIds at }
}`;

const KEY = 'board-1';

type Heard = { data?: { leaderboardChanged: { runIds: string[] } } | null };

/** A subscriber to the largest board, and a connection that commits evaluations of it. */
export async function openBoardNews(api: Server, databaseUrl: string) {
  const database = openDb(databaseUrl, pino({ level: 'warn' }));
  const client = createClient({ url: new URL('/graphql', api.url).href.replace(/^http/, 'ws') });
  const variables = { filter: { datasetKey: KEY } };
  const stream = client.iterate({ query: SUBSCRIPTION, variables });
  await stream.next(); // where it stands
  const dataset = await database.db.dataset.findUniqueOrThrow({ where: { key: KEY } });
  const made: string[] = [];

  /** A new run with one evaluation, committed; then the ring that the product sends. */
  const commit = async (): Promise<string> => {
    const [runId, id] = [randomUUIDv7(), randomUUIDv7()];
    made.push(runId);
    const run = { modelId: 'news', config: {}, configHash: '0'.repeat(64), timeoutSeconds: 60 };
    const finishedAt = new Date();
    await database.db.$transaction(async (tx) => {
      await tx.run.create({
        data: {
          id: runId,
          datasetId: dataset.id,
          mode: 'LOCAL',
          status: 'COMPLETED',
          epoch: 1,
          finishedAt,
          ...run,
        },
      });
      const counts = {
        finishedAt,
        score: 50,
        itemCount: 1000,
        correctCount: 500,
        metrics: { score: 50 },
      };
      const judged = { split: 'TEST' as const, judge: 'answer_correctness', judgeVersion: 1 };
      await tx.evaluation.create({
        data: { id, runId, datasetId: dataset.id, status: 'COMPLETED', ...judged, ...counts },
      });
      await placeOnBoards(tx, id);
    });
    return runId;
  };

  return {
    /** Commits `count` evaluations one by one; the time from commit to message of each. */
    async measure(count: number): Promise<Sample> {
      const times: number[] = [];
      for (let index = 0; index < count; index += 1) {
        const runId = await commit();
        const start = performance.now();
        await database.sql.query("SELECT pg_notify('tunix_rt', 'evaluations')");
        const { value } = (await stream.next()) as { value: Heard };
        times.push(performance.now() - start);
        const heard = value.data?.leaderboardChanged.runIds.map((text) =>
          Buffer.from(text, 'base64').toString(),
        );
        if (heard?.join() !== `Run:${runId}`) {
          throw new WrongResult(`heard of ${heard?.join()} instead of Run:${runId}`);
        }
      }
      return { count, ...latencies(times) };
    },
    async [Symbol.asyncDispose]() {
      await stream.return?.();
      await client.dispose();
      await database.db.run.deleteMany({ where: { id: { in: made } } });
      await database.close();
    },
  };
}
