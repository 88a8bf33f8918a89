// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { check, HOSTILE, slice } from '../test/gateCheck.ts';
import type { GateCheck } from './gateCheck.ts';
import { asJunit } from './gateJunit.ts';

type Element = { tagName: string; textContent: string; getAttribute(name: string): string | null };

/** Of jsdom: a parser that knows all of XML. */
declare const DOMParser: new () => {
  parseFromString(
    text: string,
    type: 'text/xml',
  ): { querySelectorAll(selector: string): Iterable<Element> };
};

describe('asJunit', () => {
  const floor = (verdict: 'PASS' | 'REGRESSED' | 'INCONCLUSIVE' | 'NOT_COMPARABLE') => ({
    ...slice,
    floor: { minimum: 0.8, accuracy: 0.4, items: 50, verdict },
  });

  test.each([
    [{}, 'failures="0" errors="0"'],
    [{ verdict: 'INCONCLUSIVE', outcome: 'WARN' }, 'failures="0" errors="0"'],
    [{ verdict: 'INCONCLUSIVE', outcome: 'FAIL' }, 'failures="1" errors="0"'],
    [{ verdict: 'REGRESSED', outcome: 'FAIL' }, 'failures="1" errors="0"'],
    [{ verdict: 'NOT_COMPARABLE', outcome: 'FAIL' }, 'failures="0" errors="1"'],
    [
      { verdict: 'REGRESSED', outcome: 'FAIL', slices: [floor('REGRESSED')] },
      'failures="2" errors="0"',
    ],
    [
      { verdict: 'NOT_COMPARABLE', outcome: 'FAIL', slices: [floor('NOT_COMPARABLE')] },
      'failures="0" errors="2"',
    ],
    [
      { verdict: 'INCONCLUSIVE', outcome: 'WARN', slices: [floor('INCONCLUSIVE')] },
      'failures="0" errors="0"',
    ],
    [
      { verdict: 'INCONCLUSIVE', outcome: 'WARN', slices: [floor('REGRESSED')] },
      'failures="0" errors="0"',
    ],
    // A part that got worse informs; the whole decides, and both say the same.
    [{ slices: [{ ...slice, verdict: 'REGRESSED' }] }, 'failures="0" errors="0"'],
  ] as const)('counts %j', (over, counts) => {
    const xml = asJunit(check(over as Partial<GateCheck>));
    expect(xml).toContain(`<testsuites name="tunix-rt gate" tests="2" ${counts} skipped="0">`);
    expect(xml.match(/<failure /g) ?? []).toHaveLength(Number(/failures="(\d)"/.exec(counts)?.[1]));
  });

  test('stops at doubt about a floor where the policy does', () => {
    const doubt = { verdict: 'INCONCLUSIVE', outcome: 'FAIL' } as const;
    const policy = { alpha: 0.05, onInconclusive: 'FAIL' };
    const xml = asJunit(check({ ...doubt, policy, slices: [floor('INCONCLUSIVE')] }));
    expect(xml).toContain('tests="2" failures="2"');
  });

  test('escapes what XML reads and leaves out what it cannot hold', () => {
    const xml = asJunit(
      check({
        verdict: 'REGRESSED',
        outcome: 'FAIL',
        reasons: [HOSTILE],
        baseline: { name: HOSTILE, revision: 1, metric: HOSTILE },
        slices: [{ ...slice, value: HOSTILE }],
      }),
    );
    const document = new DOMParser().parseFromString(xml, 'text/xml');
    expect([...document.querySelectorAll('*')].map(({ tagName }) => tagName)).toEqual([
      'testsuites',
      'testsuite',
      'testcase',
      'failure',
      'testcase',
      'system-out',
    ]);
    const [failure] = document.querySelectorAll('failure');
    const kept = HOSTILE.toWellFormed().replaceAll('\u001b', '\uFFFD').replaceAll('\0', '\uFFFD');
    expect(failure?.getAttribute('message')).toBe(`REGRESSED\n${kept}`);
    expect(failure?.textContent).toBe(`REGRESSED\n${kept}`);
    const [, part] = document.querySelectorAll('testcase');
    expect(part?.getAttribute('name')).toBe(`section ${kept}`);
  });
});
