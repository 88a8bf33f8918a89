/** Writes schema.graphql, or with --check fails when the committed file is not what is printed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './index.ts';

const file = new URL('./schema.graphql', import.meta.url);
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== printed) {
    process.stderr.write('schema/schema.graphql is out of date: run `npm run schema`.\n');
    process.exit(1);
  }
} else {
  writeFileSync(file, printed);
}
