import { expect, it } from 'vitest';
import { invitationState } from './invitationState.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const BEFORE = '2026-03-01T11:00:00Z';
const AFTER = '2026-03-08T12:00:00Z';

it.each([
  [{ usedAt: null, revokedAt: null, expiresAt: AFTER }, 'open'],
  [{ usedAt: null, revokedAt: null, expiresAt: BEFORE }, 'expired'],
  [{ usedAt: null, revokedAt: BEFORE, expiresAt: AFTER }, 'revoked'],
  [{ usedAt: BEFORE, revokedAt: null, expiresAt: BEFORE }, 'used'],
])('says of %j that it is %s', (times, state) => {
  expect(invitationState(times, NOW)).toBe(state);
});
