import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { payloadOf } from '../test/makeItems.ts';
import { renderChatMl } from './render.ts';

type Case = { name: string; prompt: string; steps: string[]; answer: string; text: string };

/** What the Python side renders with a real tokenizer; its own tests hold the same file. */
const cases = JSON.parse(
  readFileSync(new URL('../tunix/python/tests/rendered.json', import.meta.url), 'utf8'),
) as Case[];

describe('renderChatMl', () => {
  test.for(cases)('renders $name as the trainer does', (given) => {
    expect(renderChatMl(payloadOf(given))).toBe(given.text);
  });

  test('is compared on more than plain text', () => {
    expect(cases.length).toBeGreaterThan(5);
  });
});
