import { globSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { collectFragments, completeDocument, persistedDocument } from './inlineDocuments.ts';

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

describe('persistedDocument', () => {
  it('asks for the type of every object, as the cache does', () => {
    const { document } = persistedDocument('query Q { a { b { c } ...F } } fragment F on T { d }');
    expect(document).toBe(
      'query Q{a{b{c __typename}...F __typename}}fragment F on T{d __typename}',
    );
  });

  it('asks for none twice, and for none under another name', () => {
    const { document } = persistedDocument('query Q { a { __typename } b { x: __typename } }');
    expect(document).toBe('query Q{a{__typename}b{x:__typename __typename}}');
  });

  it('has a hash of its text alone', () => {
    const [one, same, other] = ['query Q { a }', 'query Q  {\n a\n}', 'query Q { b }'].map(
      (text) => persistedDocument(text).hash,
    );
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
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
    const text = completeDocument(operation, fragments);
    const sent = parse(persistedDocument(text).document);
    expect(validate(schema, sent)).toEqual([]);
    // What the server reads at most, and a name, by which a page finds the hash.
    expect(sent.tokenCount).toBeLessThan(2000);
    expect(text).toMatch(/^(query|mutation|subscription) \w+/);
  }
});
