/** What became of an invitation. */
type Times = { usedAt: string | null; revokedAt: string | null; expiresAt: string };

export type InvitationState = 'open' | 'used' | 'revoked' | 'expired';

export function invitationState(times: Times, now: number): InvitationState {
  if (times.usedAt) return 'used';
  if (times.revokedAt) return 'revoked';
  return Date.parse(times.expiresAt) <= now ? 'expired' : 'open';
}
