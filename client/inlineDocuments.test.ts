import { globSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { collectFragments, completeDocument } from './inlineDocuments.ts';

const wrap = (text: string) => `const x = graphql(\`${text}\`);`;

describe('completeDocument', () => {
  const fragments = collectFragments([
    wrap('fragment A on T { id ...B }'),
    wrap('\n  fragment B on T {\n    name # a comment\n  }\n'),
  ]);

  it('adds each fragment once, also those of fragments', () => {
    const text = completeDocument('query Q { t { ...A ...B ... on T { id } } }', fragments);
    expect(text.match(/fragment A/g)).toHaveLength(1);
    expect(text.match(/fragment B/g)).toHaveLength(1);
    expect(text).not.toContain('comment');
  });

  it('refuses a fragment that nobody wrote', () => {
    expect(() => completeDocument('query Q { t { ...C } }', fragments)).toThrow('C');
  });
});

it('leaves every operation of the client valid against the schema', () => {
  const here = import.meta.dirname;
  const sources = globSync('**/*.{ts,tsx}', { cwd: here, exclude: ['gql/**', 'dist/**'] })
    .filter((file) => !file.includes('.test.'))
    .map((file) => readFileSync(`${here}/${file}`, 'utf8'));
  const fragments = collectFragments(sources);
  const schema = buildSchema(readFileSync(`${here}/../schema/schema.graphql`, 'utf8'));
  const operations = sources
    .flatMap((source) =>
      [...source.matchAll(/graphql\(\s*`([^`]*)`/g)].map(([, text]) => text ?? ''),
    )
    .filter((text) => !/^\s*fragment/.test(text));
  expect(operations.length).toBeGreaterThan(20);
  for (const operation of operations) {
    expect(validate(schema, parse(completeDocument(operation, fragments)))).toEqual([]);
  }
});
