/**
 * graphql-ws sends the identical payload again after a reconnect. Moving `variables.after` on a
 * private copy with every event makes that retry continue exactly where the stream stopped.
 */
import { isObject } from './isObject.ts';

type Variables = Record<string, unknown>;
type Payload = { query: string; variables?: Variables | null; extensions?: Variables | null };

export type Resumable = { query: string; variables: Variables; extensions?: Variables | null };

export const resumable = (payload: Payload): Resumable => ({
  ...payload,
  variables: { ...payload.variables },
});

/** Which variable an event of a stream moves, and to where. */
function cursorOf(event: unknown): readonly [variable: string, seq: unknown] | undefined {
  if (!isObject(event)) return undefined;
  switch (event.__typename) {
    case 'LogBatch':
      return ['after', event.lastSeq];
    case 'LogGap':
      return ['after', event.seq];
    case 'RunEventNotice':
      return ['after', isObject(event.event) ? event.event.seq : undefined];
    case 'MetricUpdate':
      return ['metricsAfter', event.lastSeq];
    default:
      return undefined;
  }
}

/** Notes what arrived, so that the next send asks only for what comes after it. */
export function advance(payload: Resumable, result: unknown): void {
  if (!isObject(result)) return;
  for (const event of Object.values(result)) {
    const [variable, seq] = cursorOf(event) ?? [];
    // `after: null` is a cursor too: it means from the start. One that is absent is no cursor.
    if (!variable || typeof seq !== 'string' || !(variable in payload.variables)) continue;
    const before = payload.variables[variable];
    // A replayed batch must never move the cursor back.
    if (typeof before === 'string' && BigInt(before) >= BigInt(seq)) continue;
    payload.variables[variable] = seq;
  }
}
