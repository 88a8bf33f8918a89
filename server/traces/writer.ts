import type { Pool } from 'pg';
import type { Bell } from '../bell.ts';
import { gather } from '../lib/gather.ts';
import { inTransaction } from '../lib/transaction.ts';
import type { CommonMetrics } from '../metrics/common.ts';
import type { TraceRow } from './row.ts';
import { insertRows, type Stored } from './store.ts';

/** As many rows as one statement of single creates may have. */
const MOST = 200;

/** Stores one row, or finds the equal trace; calls that come at once share one commit. */
export type TraceWriter = (row: TraceRow) => Promise<Stored>;

/** Opens the writer of single traces for a process. */
export const openTraceWriter = (
  sql: Pool,
  bell: Pick<Bell, 'ring'>,
  metrics: Pick<CommonMetrics, 'timeWrite'>,
): TraceWriter =>
  gather(async (rows) => {
    const stored = await metrics.timeWrite('create_trace', () =>
      inTransaction(sql, (client) => insertRows(client, rows)),
    );
    if (stored.some(({ created }) => created)) bell.ring('traces');
    return stored;
  }, MOST);
