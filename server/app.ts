import type { Pool } from 'pg';
import { openStore } from './artifacts/open.ts';
import type { ObjectStore } from './artifacts/store.ts';
import { type Bell, openBell } from './bell.ts';
import type { Config } from './config.ts';
import { type Db, openDb } from './db.ts';
import { jobs } from './jobs.ts';
import { type Log, openLog } from './log.ts';
import { type LogHub, openLogHub } from './logs/hub.ts';
import { openQueue, type Queue } from './queue.ts';
import { openRunStates, type RunStates } from './runs/states.ts';
import { openTraceWriter, type TraceWriter } from './traces/writer.ts';

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
  /** Where the runs stand that somebody follows. */
  runStates: RunStates;
  /** The ends of the logs that somebody follows. */
  logHub: LogHub;
  /** The bytes of artifacts. */
  store: ObjectStore;
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
    return {
      config,
      log,
      db: database.db,
      sql: database.sql,
      queue,
      bell,
      traceWriter: openTraceWriter(database.sql, bell),
      runStates: openRunStates({ sql: database.sql, bell }),
      logHub: openLogHub({ sql: database.sql }),
      store,
      async [Symbol.asyncDispose]() {
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
