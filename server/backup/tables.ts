/** What of a database goes into a backup, read from its catalogue. */
import type { ClientBase } from 'pg';
import type { TablePart } from './manifest.ts';

export type Table = Pick<TablePart, 'schema' | 'name' | 'columns'>;

/** Of the queue only what is still to be done: the rest is history, and which queues there are. */
const QUEUE_TABLES: Record<string, string> = {
  queue: '',
  job: "WHERE state IN ('created', 'retry', 'active')",
};

const COLUMNS = `
  SELECT class.relnamespace::regnamespace::text AS schema, class.relname AS name,
         array_agg(attribute.attname::text ORDER BY attribute.attnum) AS columns
  FROM pg_class class
  JOIN pg_attribute attribute ON attribute.attrelid = class.oid
    AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
  WHERE (class.relnamespace = 'public'::regnamespace AND class.relkind = 'r'
         AND class.relname <> '_prisma_migrations')
     OR (class.relnamespace = to_regnamespace('pgboss') AND class.relname = ANY($1))
  GROUP BY class.oid, 1, 2`;

const REFERENCES = `
  SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to"
  FROM pg_constraint
  WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace`;

/** All tables with rows of ours, each after those it refers to. */
export async function readTables(client: ClientBase): Promise<Table[]> {
  const { rows: tables } = await client.query<Table>(COLUMNS, [Object.keys(QUEUE_TABLES)]);
  const { rows: references } = await client.query<{ from: string; to: string }>(REFERENCES);
  const sorted = tables.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const ordered: Table[] = [];
  const visit = (table: Table, trail: readonly Table[]) => {
    if (ordered.includes(table)) return;
    if (trail.includes(table)) throw new Error(`${table.name} refers to itself through others`);
    for (const { from, to } of references) {
      const target =
        from === table.name &&
        sorted.find(({ name, schema }) => name === to && schema === 'public');
      if (table.schema === 'public' && target) visit(target, [...trail, table]);
    }
    ordered.push(table);
  };
  // A job refers to its queue.
  for (const table of sorted.toSorted(
    (a, b) => Number(a.name === 'job') - Number(b.name === 'job'),
  )) {
    visit(table, []);
  }
  return ordered;
}

/** Statement parts are names from the catalogue or from a checked manifest. */
export const idOf = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
  `${schema}.${name}`;

const listOf = (columns: readonly string[]) => columns.map((name) => `"${name}"`).join(', ');

export const copyOut = (table: Table): string => {
  const where = table.schema === 'pgboss' ? (QUEUE_TABLES[table.name] ?? '') : '';
  return `COPY (SELECT ${listOf(table.columns)} FROM ${idOf(table)} ${where}) TO STDOUT`;
};

export const copyIn = (table: Table): string =>
  `COPY ${idOf(table)} (${listOf(table.columns)}) FROM STDIN`;

/** Where the sequences of the schema stand. They only grow, so a later look is as good. */
export async function readSequences(client: ClientBase) {
  const { rows } = await client.query<{ name: string; value: number; isCalled: boolean }>(
    `SELECT sequencename AS name, coalesce(last_value, start_value)::float8 AS value,
            last_value IS NOT NULL AS "isCalled"
     FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`,
  );
  return rows;
}
