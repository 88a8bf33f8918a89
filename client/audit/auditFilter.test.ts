import { expect, it } from 'vitest';
import { toAuditFilter } from './auditFilter.ts';

it('asks for what the URL says and for nothing else', () => {
  expect(toAuditFilter({})).toEqual({});
  expect(toAuditFilter({ actor: 'ada', action: 'createRun', outcome: 'FORBIDDEN' })).toEqual({
    actor: 'ada',
    action: 'createRun',
    outcome: 'FORBIDDEN',
  });
});

it('takes both days in whole', () => {
  expect(toAuditFilter({ from: '2026-03-01', until: '2026-03-01' })).toEqual({
    from: new Date('2026-03-01T00:00:00').toISOString(),
    until: new Date('2026-03-02T00:00:00').toISOString(),
  });
});

it.each(['yesterday', '2026-13-45', '2026-3-1'])('leaves out %s, which is no day', (day) => {
  expect(toAuditFilter({ from: day })).toEqual({});
});
