import { describe, expect, it } from 'vitest';
import { type Live, type LiveEvent, nextLive } from './live.ts';

const play = (...events: [LiveEvent, number][]) =>
  events.reduce<Live>((live, [event, at]) => nextLive(live, event, at), {
    kind: 'connecting',
    since: 0,
  });

describe('nextLive', () => {
  it('is live only after the acknowledgement', () => {
    expect(play().kind).toBe('connecting');
    expect(play([{ kind: 'connected' }, 5])).toEqual({
      kind: 'live',
      since: 5,
      latencyMs: undefined,
    });
  });

  it('keeps the moment of the first loss through failed retries', () => {
    const live = play(
      [{ kind: 'connected' }, 5],
      [{ kind: 'closed' }, 10],
      [{ kind: 'closed' }, 20],
      [{ kind: 'closed' }, 30],
    );
    expect(live).toEqual({ kind: 'reconnecting', since: 10 });
  });

  it('ignores a latency that arrives after the loss', () => {
    const live = play(
      [{ kind: 'connected' }, 5],
      [{ kind: 'closed' }, 10],
      [{ kind: 'latency', ms: 3 }, 11],
    );
    expect(live.kind).toBe('reconnecting');
  });

  it('says offline when the browser has no network, and reconnects afterwards', () => {
    const offline = play(
      [{ kind: 'connected' }, 5],
      [{ kind: 'network', online: false }, 9],
      [{ kind: 'closed' }, 10],
    );
    expect(offline).toEqual({ kind: 'offline', since: 9 });
    expect(nextLive(offline, { kind: 'closed' }, 12)).toEqual(offline);
    expect(nextLive(offline, { kind: 'network', online: true }, 15)).toEqual({
      kind: 'reconnecting',
      since: 9,
    });
  });

  it('is live again when the socket has survived that, once the server answers over it', () => {
    const online = play(
      [{ kind: 'connected' }, 5],
      [{ kind: 'network', online: false }, 9],
      [{ kind: 'network', online: true }, 12],
    );
    expect(online.kind).toBe('reconnecting');
    const answered = nextLive(online, { kind: 'latency', ms: 3 }, 14);
    expect(answered).toEqual({ kind: 'live', since: 14, latencyMs: 3 });
    const closed = nextLive(online, { kind: 'closed' }, 13);
    expect(nextLive(closed, { kind: 'latency', ms: 3 }, 14)).toEqual(closed);
  });
});
