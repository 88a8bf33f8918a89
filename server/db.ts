import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../prisma/generated/client/client.ts';
import type { Log } from './log.ts';

export type Db = PrismaClient;
/** What a service may use inside `db.$transaction`. */
export type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

// bigint columns are line and event numbers and byte counts, all below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** How long who needs a connection waits for one, in ms: for the server, and for others to give one back. */
const CONNECT_MS = 10_000;

/** Prisma for ordinary reads and writes, over the same pool that hot SQL uses. */
export function openDb(url: string, log: Log, connectMs = CONNECT_MS) {
  const sql = new pg.Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: connectMs,
    statement_timeout: 60_000,
    // The server's limit does not help when the server cannot be reached any more.
    query_timeout: 62_000,
    // A process that freezes inside a transaction keeps the locks of its rows, and with the row of a
    // run the run itself. Longer than any pause of ours between two statements.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  // Without a listener a dropped idle connection would end the process.
  sql.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  const db = new PrismaClient({
    adapter: new PrismaPg(sql),
    // The end of a run writes thousands of predictions and files in one transaction.
    transactionOptions: { maxWait: connectMs, timeout: 60_000 },
  });
  return {
    db,
    sql,
    async close() {
      await db.$disconnect();
      if (!sql.ended) await sql.end();
    },
  };
}
