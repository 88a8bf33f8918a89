import { describe, expect, test } from 'vitest';
import { check, HOSTILE, slice } from '../test/gateCheck.ts';
import { asMarkdown, asText, markdown } from './gateReports.ts';

describe('asMarkdown', () => {
  test('is a table with every number', () => {
    const text = asMarkdown(check());
    for (const line of [
      '### PASS',
      'Run 12 against baseline **main**, revision 3',
      '| Change | -5 (-7.14 %) |',
      '| 95 % interval | -11 to +1 |',
      '| Worse / better | 8 / 3 |',
      '| p | 0.227 |',
      '- score fell from 70 to 65.',
      '| section core | 50 | 80 | 78 | -2 | 1 | PASS | – |',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('keeps names of others text, in one cell', () => {
    const text = asMarkdown(
      check({
        baseline: { name: HOSTILE, revision: 1, metric: HOSTILE },
        slices: [{ ...slice, value: HOSTILE }],
        reasons: [HOSTILE],
      }),
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/<img|[^\\]`|\p{Cc}|@all|[^\\]\[x/u);
    const bars = (line: string) => line.replaceAll('\\|', '').split('|').length;
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map(bars))).toEqual(new Set([4, 10]));
    expect(markdown('a & b')).toBe('a &amp; b');
  });

  test('shows what is not known as a dash', () => {
    const nothing = { pValue: null, interval: null, itemCount: null, minDetectable: null } as const;
    const text = asMarkdown(check({ ...nothing, delta: null, deltaPercent: null, slices: [] }));
    expect(text).toContain('| 95 % interval | – |');
    expect(text).toContain('| Change | – (– %) |');
    expect(text).not.toContain('| Part |');
  });
});

describe('asText', () => {
  test('says the outcome first and holds no control characters', () => {
    const warned = check({ verdict: 'INCONCLUSIVE', outcome: 'WARN', reasons: [HOSTILE] });
    const text = asText(warned);
    expect(text).toMatch(/^INCONCLUSIVE: WARNING, let through by the policy\n/);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
