import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareRedaction } from './redact.ts';
import { formsOf } from './secrets.ts';

const SECRETS = [
  'hunter2hunter2',
  'p@ss/wörd "quoted" & more',
  'hf_abcdefghijklmnopqrstuvwxyz',
  'aaaaaaaaab',
];
const redaction = prepareRedaction(SECRETS);

/** What comes out when the bytes come in these parts. */
function pass(parts: readonly Buffer[]): string {
  const redactor = redaction.open();
  const passed = parts.map((part) => Buffer.from(redactor.push(part)));
  return Buffer.concat([...passed, redactor.end()]).toString();
}

/** Every way to have a secret in bytes of any alignment. */
const written = (secret: string): Buffer[] => [
  ...formsOf(secret).map((form) => Buffer.from(form)),
  ...['', 'a', 'ab'].flatMap((before) =>
    (['base64', 'base64url'] as const).map((form) =>
      Buffer.from(Buffer.from(`${before}${secret}xyz`).toString(form)),
    ),
  ),
  Buffer.from(JSON.stringify({ key: secret })),
  Buffer.from(`https://host/?key=${encodeURIComponent(secret)}&more`),
];

/** Whether some form of a secret stands there, or the greater part of one. */
const leaks = (text: string, secret: string) =>
  formsOf(secret).some((form) => text.includes(form) || text.includes(form.slice(0, -2)));

describe('a redactor', () => {
  test.for(SECRETS)('takes out %j in every form, wherever its parts begin', (secret) => {
    for (const form of written(secret)) {
      const bytes = Buffer.concat([Buffer.from('before '), form, Buffer.from(' after\n')]);
      for (let at = 0; at <= bytes.length; at++) {
        const text = pass([bytes.subarray(0, at), bytes.subarray(at)]);
        expect(leaks(text, secret), `${form} at ${at}: ${text}`).toBe(false);
        expect(text).toContain('[redacted]');
        expect(text.startsWith('before ') && text.endsWith(' after\n')).toBe(true);
      }
      const oneByOne = [...bytes].map((byte) => Buffer.of(byte));
      expect(pass(oneByOne)).toBe(pass([bytes]));
    }
  });

  test('takes secrets out of any surroundings, and changes nothing without one', () => {
    const piece = fc.oneof(
      fc.constantFrom(...SECRETS.flatMap(formsOf)),
      fc.constantFrom(...SECRETS.map((secret) => secret.slice(0, -1))),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('\n', ' ', 'hf_', 'sk-', 'aaaaaa', '='),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.infiniteStream(fc.nat(9)),
        (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(''));
          const parts: Buffer[] = [];
          for (let at = 0; at < bytes.length; ) {
            const next = at + 1 + (cuts.next().value ?? 0);
            parts.push(bytes.subarray(at, next));
            at = next;
          }
          const text = pass(parts);
          for (const form of SECRETS.flatMap(formsOf)) expect(text.includes(form)).toBe(false);
          if (pass([bytes]) === bytes.toString()) expect(text).toBe(bytes.toString());
        },
      ),
      { numRuns: 500 },
    );
  });

  test.for([
    ['hf_AbCdEfGhIjKlMnOpQrStUvWx', '[redacted]'],
    [`sk-proj-${'aB3_-'.repeat(9)}`, '[redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    [`ghp_${'a1'.repeat(18)}`, '[redacted]'],
    [`github_pat_${'a1_'.repeat(12)}`, '[redacted]'],
    [`trt_${'a1'.repeat(16)}`, '[redacted]'],
    ['hf_short', 'hf_short'],
    ['task-one-of-many-with-quite-a-long-name', 'task-one-of-many-with-quite-a-long-name'],
  ] as const)('knows tokens by their shape: %s', ([token, expected]) => {
    for (let at = 0; at <= token.length; at++) {
      const parts = [`x = "${token.slice(0, at)}`, `${token.slice(at)}"\n`];
      expect(pass(parts.map((part) => Buffer.from(part)))).toBe(`x = "${expected}"\n`);
    }
  });

  test('takes out a token of any length without keeping it', () => {
    const parts = [
      Buffer.from('hf_'),
      ...Array(64).fill(Buffer.alloc(65_536, 'a')),
      Buffer.from(' b'),
    ];
    expect(pass(parts)).toBe('[redacted] b');
  });

  test('never keeps a whole line waiting', () => {
    const redactor = redaction.open();
    for (const line of ['hunter2\n', 'hf_\n', 'hunter2hunter2\n', 'x hunter2hunter\n']) {
      expect(redactor.push(Buffer.from(line)).at(-1)).toBe(10);
    }
  });

  test('lets go at the end of what was no secret, and of no part of one', () => {
    expect(pass([Buffer.from('see hf')])).toBe('see hf');
    expect(pass([Buffer.from('see hunter2hun')])).toBe('see [redacted]');
  });

  test('leaves any bytes as they are when there is nothing to take out', () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256));
    const redactor = redaction.open();
    const parts = [redactor.push(bytes.subarray(0, 1001)), redactor.push(bytes.subarray(1001))];
    expect(Buffer.concat([...parts, redactor.end()]).equals(bytes)).toBe(true);
  });

  test('cleans a text', () => {
    expect(redaction.text('token hunter2hunter2.')).toBe('token [redacted].');
  });
});
