/**
 * A migration only expands: the version before works on with its tables, so that servers are replaced one
 * after the other and the new version can be taken back. What has to go, goes in a later version, and is
 * listed here with the reason why nothing uses it any more.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Statements that were looked at: each with why no process of the version before stumbles over it. */
const CONTRACTS: Record<string, { statement: RegExp; why: string }[]> = {};

/** Before the first release: there is no version before them that could still be at work. */
const BEFORE_RELEASE = '20261123000000';

/** What breaks readers or writers that do not know of it. */
const BREAKS: [RegExp, string][] = [
  [
    /\bDROP\s+(TABLE|COLUMN|TYPE|VIEW|FUNCTION|SCHEMA)\b/i,
    'removes what the version before may use',
  ],
  [/\bRENAME\b/i, 'renames what the version before may use'],
  [/\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'changes a type under running statements'],
  [/\bALTER\s+COLUMN\s+\S+\s+DROP\s+DEFAULT\b/i, 'makes the version before fail to insert'],
  [/\bTRUNCATE\b(?!\s+ON\b)/i, 'removes rows'],
  [/\bDELETE\s+FROM\b/i, 'removes rows'],
];

/** The statements of a migration, without comments and what stands inside functions and texts. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/--[^\n]*/g, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
}

const tablesMade = (statements: readonly string[]) =>
  new Set(
    statements.flatMap((each) => /^CREATE (?:TEMPORARY )?TABLE "?(\w+)"?/i.exec(each)?.[1] ?? []),
  );

/** What of a migration the version before would notice. */
function breaksOf(sql: string): string[] {
  const statements = statementsOf(sql);
  const own = tablesMade(statements);
  return statements.flatMap((statement) => {
    const table = /^(?:ALTER TABLE|CREATE UNIQUE INDEX \S+ ON) "?(\w+)"?/i.exec(statement)?.[1];
    // A table that is new is used by nobody yet.
    if (table && own.has(table)) return [];
    const found = BREAKS.filter(([pattern]) => pattern.test(statement)).map(([, why]) => why);
    for (const [, column = ''] of statement.matchAll(/\bADD COLUMN ([^,]*)/gi)) {
      if (/NOT NULL/i.test(column) && !/DEFAULT/i.test(column)) {
        found.push('asks for a column that the version before does not fill');
      }
    }
    if (/ALTER COLUMN \S+ SET NOT NULL/i.test(statement))
      found.push('refuses what was stored before');
    if (/\bADD CONSTRAINT\b.*\b(CHECK|UNIQUE)\b/i.test(statement)) {
      found.push('refuses what the version before may store');
    }
    if (/^CREATE UNIQUE INDEX/i.test(statement))
      found.push('refuses what the version before may store');
    return found.map((why) => `${why}: ${statement.slice(0, 120)}`);
  });
}

describe('a migration', () => {
  const files = globSync('*/migration.sql', { cwd: FOLDER })
    .filter((file) => file >= BEFORE_RELEASE)
    .toSorted();

  test('is looked at, from the first one after the release on', () => {
    expect(files).toContain('20261123000000_access/migration.sql');
  });

  test.for(files)('%s only expands', (file) => {
    const accepted = CONTRACTS[basename(dirname(file))] ?? [];
    const left = breaksOf(readFileSync(join(FOLDER, file), 'utf8')).filter(
      (found) => !accepted.some(({ statement }) => statement.test(found)),
    );
    expect(left).toEqual([]);
  });

  test('that is accepted although it contracts is there, and says why', () => {
    for (const [name, contracts] of Object.entries(CONTRACTS)) {
      const found = breaksOf(readFileSync(join(FOLDER, name, 'migration.sql'), 'utf8'));
      for (const { statement, why } of contracts) {
        expect(
          found.some((each) => statement.test(each)),
          `${name}: ${statement}`,
        ).toBe(true);
        expect(why.length).toBeGreaterThan(20);
      }
    }
  });

  test.for([
    'DROP TABLE "runs";',
    'ALTER TABLE "runs" DROP COLUMN "mode";',
    'ALTER TABLE "runs" RENAME COLUMN "mode" TO "kind";',
    'ALTER TABLE "runs" ALTER COLUMN "mode" TYPE TEXT;',
    'ALTER TABLE "runs" ALTER COLUMN "mode" SET NOT NULL;',
    'ALTER TABLE "runs" ADD COLUMN "a" TEXT, ADD COLUMN "b" TEXT NOT NULL;',
    'ALTER TABLE "runs" ADD CONSTRAINT "c" CHECK ("mode" <> \'X\');',
    'CREATE UNIQUE INDEX "u" ON "runs"("mode");',
    'DELETE FROM "runs";',
  ])('that says %s does more', (sql) => {
    expect(breaksOf(sql)).toHaveLength(1);
  });

  test.for([
    'CREATE TABLE "new" ("id" INT NOT NULL); ALTER TABLE "new" ADD CHECK ("id" > 0);',
    'CREATE TABLE "new" ("id" INT); CREATE UNIQUE INDEX "u" ON "new"("id");',
    'ALTER TABLE "runs" ADD COLUMN "a" TEXT, ADD COLUMN "b" TEXT NOT NULL DEFAULT \'x\';',
    '-- DROP TABLE "runs"\nCREATE INDEX "i" ON "runs"("mode");',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM runs; END $$;',
  ])('that says %s expands', (sql) => {
    expect(breaksOf(sql)).toEqual([]);
  });
});
