import type { Pool } from 'pg';
import { type Access, openAccess } from './access/access.ts';
import { openStore } from './artifacts/open.ts';
import type { ObjectStore } from './artifacts/store.ts';
import { type AuditWriter, openAuditWriter } from './audit/writer.ts';
import { type Bell, openBell } from './bell.ts';
import type { Config } from './config.ts';
import { type Db, openDb } from './db.ts';
import { jobs } from './jobs.ts';
import { openRateLimits, type RateLimits } from './limits/rates.ts';
import { openRejections, type Rejections } from './limits/rejections.ts';
import { type Log, openLog } from './log.ts';
import { type LogHub, openLogHub } from './logs/hub.ts';
import { type Metrics, openMetrics } from './metrics/open.ts';
import { openQueue, type Queue } from './queue.ts';
import { openRedi, type Redi } from './redi/health.ts';
import { openRunStates, type RunStates } from './runs/states.ts';
import { openTraceWriter, type TraceWriter } from './traces/writer.ts';
import { openTracing, type Tracing } from './tracing/open.ts';

/** Everything with a lifetime; services take the parts they use as their first argument. */
export type App = {
  config: Config;
  log: Log;
  db: Db;
  /** The pool under Prisma, for the statements Prisma would be slow at. */
  sql: Pool;
  queue: Queue;
  bell: Bell;
  /** Stores single traces; those that come at once share one commit. */
  traceWriter: TraceWriter;
  /** Who asks, and whether they still may. */
  access: Access;
  /** Writes down who did what. */
  audit: AuditWriter;
  /** Where the runs stand that somebody follows. */
  runStates: RunStates;
  /** The ends of the logs that somebody follows. */
  logHub: LogHub;
  /** The bytes of artifacts. */
  store: ObjectStore;
  /** How often requests were refused, and why. */
  rejections: Rejections;
  /** How much each caller may ask for. */
  rates: RateLimits;
  /** What this process counts. */
  metrics: Metrics;
  /** Where the spans of this process go. */
  tracing: Tracing;
  /** Whether RediAI works. */
  redi: Redi;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Opens database, queue and bell. Disposing closes them in the opposite order. */
export async function openApp(config: Config, url: string, name: string): Promise<App> {
  const log = openLog(config, name);
  const database = openDb(url, log);
  try {
    const queue = await openQueue(url, jobs, log);
    const bell = await openBell(database.sql, queue.listen, log);
    const store = openStore(config);
    const logHub = openLogHub({ sql: database.sql });
    const rejections = openRejections();
    const metrics = openMetrics(config, database.sql, rejections, () => logHub.lag);
    const tracing = await openTracing(config, name);
    return {
      config,
      log,
      db: database.db,
      sql: database.sql,
      queue,
      bell,
      traceWriter: openTraceWriter(database.sql, bell, metrics.common),
      access: openAccess({ sql: database.sql, config, bell, log }),
      audit: openAuditWriter(database.sql),
      runStates: openRunStates({ sql: database.sql, bell }),
      logHub,
      store,
      rejections,
      rates: openRateLimits(config.limits.requestsPerMinute),
      metrics,
      tracing,
      redi: openRedi(config.redi),
      async [Symbol.asyncDispose]() {
        await tracing.close();
        await bell.close();
        await queue.close();
        await database.close();
        store.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
