import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import { IS_ONLINE } from './read.ts';

/**
 * What followers of a runner look at, as one text for each: whether it is alive and takes runs, what
 * it offers and what it has. Heartbeats alone change nothing.
 */
const STATES = `
  SELECT runner.id, ${IS_ONLINE} AS online,
         md5(jsonb_build_array(${IS_ONLINE}, draining_at, slots, labels, runtime, (
           SELECT jsonb_agg(run_id ORDER BY run_id) FROM run_attempts attempt
           WHERE attempt.runner_id = runner.id AND attempt.status = 'RUNNING'))::text) AS state
  FROM runners runner
  WHERE heartbeat_at > clock_timestamp() - interval '1 day'
  ORDER BY heartbeat_at DESC LIMIT 1000`;

type State = { id: string; online: boolean; state: string };

/**
 * Follows the runners: first each that is alive, then each that is new or changes, one that is not
 * heard of any more too. An outage of the database delays it. Never ends.
 */
export function followRunners(app: Pick<App, 'sql' | 'bell'>) {
  return cancellable<{ runnerId: string }>(async function* (signal) {
    using bell = app.bell.listen('runs');
    const known = new Map<string, string>();
    while (!signal.aborted) {
      const answer = await untilAnswered(signal, () => app.sql.query<State>(STATES));
      for (const { id, online, state } of answer?.rows ?? []) {
        const before = known.get(id);
        known.set(id, state);
        if (before === undefined ? online : before !== state) yield { runnerId: id };
      }
      // Silence rings no bell: that a runner is lost is seen at the next look.
      await bell.heard(signal);
    }
  });
}
