import { expect, it } from 'vitest';
import { openFindings } from './rules.ts';

it('counts what is open by severity, and what is waived apart', () => {
  const counts = [
    { severity: 'ERROR', found: 5, waived: 2 },
    { severity: 'WARNING', found: 4, waived: 4 },
    { severity: 'ERROR', found: 1, waived: 0 },
  ] as const;
  expect(openFindings(counts)).toEqual({ errors: 4, warnings: 0, waived: 6 });
  expect(openFindings([])).toEqual({ errors: 0, warnings: 0, waived: 0 });
});
