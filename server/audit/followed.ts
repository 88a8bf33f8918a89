/** That a run was followed from a notebook at all: reads are not recorded, and of this one only the first. */
import type { App } from '../app.ts';
import type { AuditRecord } from './writer.ts';

/** How the Python client calls itself. */
export const NOTEBOOK = 'tunix-rt-client';

/** The action of its entry. */
const FOLLOWED = 'followRun';

/** Whether it is recorded, as an expression of SQL. */
export const IS_FOLLOWED = `EXISTS (SELECT FROM audit_entries WHERE action = '${FOLLOWED}')`;

/** Records it the first time, and rings for whoever shows it. */
export async function recordFollowed(
  app: Pick<App, 'audit' | 'bell' | 'sql'>,
  by: Pick<AuditRecord, 'actor' | 'call' | 'target'>,
): Promise<void> {
  const { rows } = await app.sql.query<{ is: boolean }>(`SELECT ${IS_FOLLOWED} AS is`);
  if (rows[0]?.is) return;
  await app.audit.record({ ...by, action: FOLLOWED, outcome: 'OK', detail: {} });
  app.bell.ring('runs');
}
