import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, coerceInputValue, parse, typeFromAST, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, exampleIn } from './examples.ts';

const schema = buildSchema(
  readFileSync(join(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'),
);
const OPEN = { origin: 'http://host', authRequired: false };
const CLOSED = { origin: 'http://host', authRequired: true };

test('the run that is started trains: without a mode it would be a dry run', () => {
  const start = EXAMPLES.find(({ asked }) => asked.text.includes('createRun('));
  expect(start?.asked.variables?.input).toMatchObject({ mode: 'LOCAL' });
});

describe.each(EXAMPLES)('$name', (example) => {
  test('is an operation of the schema, with variables of its types', () => {
    const document = parse(example.asked.text);
    expect(validate(schema, document)).toEqual([]);
    for (const definition of document.definitions) {
      if (definition.kind !== 'OperationDefinition') continue;
      for (const { variable, type } of definition.variableDefinitions ?? []) {
        const known = typeFromAST(schema, type as never);
        const given = example.asked.variables?.[variable.name.value];
        expect(() => coerceInputValue(given, known as never)).not.toThrow();
      }
    }
  });

  test('reads the key from the environment where one is needed, and asks for none elsewhere', () => {
    for (const language of ['Python', 'curl'] as const) {
      expect(exampleIn(language, example, CLOSED)).toContain('TUNIX_RT_KEY');
      expect(exampleIn(language, example, OPEN)).not.toContain('TUNIX_RT_KEY');
    }
  });
});
