/**
 * What the live indicator says, derived from socket events only: a page that shows "Live" has an
 * acknowledged connection right now, and "since" is when it was really lost.
 */
export type Live =
  | { kind: 'connecting'; since: number }
  | { kind: 'live'; since: number; latencyMs: number | undefined }
  | { kind: 'reconnecting'; since: number }
  | { kind: 'offline'; since: number };

export type LiveEvent =
  | { kind: 'connected' }
  | { kind: 'latency'; ms: number }
  | { kind: 'closed' }
  | { kind: 'network'; online: boolean };

export function nextLive(live: Live, event: LiveEvent, now: number): Live {
  switch (event.kind) {
    case 'connected':
      return { kind: 'live', since: now, latencyMs: undefined };
    case 'latency':
      return live.kind === 'live' ? { ...live, latencyMs: event.ms } : live;
    case 'closed':
      // A failed retry closes again; the outage began with the first close.
      if (live.kind === 'live') return { kind: 'reconnecting', since: now };
      return live.kind === 'connecting' ? { kind: 'reconnecting', since: live.since } : live;
    case 'network':
      if (event.online) return live.kind === 'offline' ? { ...live, kind: 'reconnecting' } : live;
      return { kind: 'offline', since: live.kind === 'live' ? now : live.since };
  }
}
