/**
 * What the live indicator says, derived from socket events only: a page that shows "Live" has an
 * acknowledged connection right now, and "since" is when it was really lost.
 */
export type Live =
  | { kind: 'connecting'; since: number }
  | { kind: 'live'; since: number; latencyMs: number | undefined }
  | Lost;

/** `isOpen` while the browser says that it has no network and the socket does not: it may survive. */
type Lost = { kind: 'reconnecting' | 'offline'; since: number; isOpen?: boolean };

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
      if (live.kind === 'live') return { ...live, latencyMs: event.ms };
      // The server has answered over it: nothing was lost.
      if (live.kind !== 'connecting' && live.isOpen) {
        return { kind: 'live', since: now, latencyMs: event.ms };
      }
      return live;
    case 'closed':
      // A failed retry closes again; the outage began with the first close.
      if (live.kind === 'live') return { kind: 'reconnecting', since: now };
      if (live.kind === 'connecting') return { kind: 'reconnecting', since: live.since };
      return live.isOpen ? { kind: live.kind, since: live.since } : live;
    case 'network':
      if (event.online) return live.kind === 'offline' ? { ...live, kind: 'reconnecting' } : live;
      if (live.kind === 'live') return { kind: 'offline', since: now, isOpen: true };
      return live.kind === 'connecting'
        ? { kind: 'offline', since: live.since }
        : { ...live, kind: 'offline' };
  }
}
