/**
 * Live changes of boards. Each evaluation that is placed raises the version of its board while it
 * holds the board, so versions have no gap, and every entry names the one that wrote it: whoever
 * remembers the versions misses nothing and hears nothing twice.
 */
import { z } from 'zod';
import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';
import { parse } from '../lib/parse.ts';
import { BOARDS, BoardFilter, ENTRIES, entryArguments, Metric, Pick } from './leaderboardQuery.ts';

const FollowQuery = z.strictObject({ filter: BoardFilter, metric: Metric, pick: Pick });

export type LeaderboardChange = {
  boardId: number;
  /** Runs whose entry is new or another; none in the first message. */
  runIds: string[];
  at: Date;
};

type State = { id: number; version: number; changedAt: Date };

const states = `SELECT b.id, b.version, b.changed_at AS "changedAt" FROM boards b
WHERE ${BOARDS} ORDER BY b.changed_at, b.id`;

const changed = `SELECT e.run_id AS "runId" FROM boards b JOIN board_entries e ON ${ENTRIES}
WHERE ${BOARDS} AND b.id = $12 AND e.version > $13 AND e.version <= $14 ORDER BY e.version`;

/**
 * Follows the boards of a filter. The first message names the board that changed last, without runs,
 * so that a page that was read before can be read again; then each change, as it is committed.
 */
export function followLeaderboard(
  app: Pick<App, 'sql' | 'bell'>,
  input: z.input<typeof FollowQuery>,
) {
  const given = entryArguments(parse(FollowQuery, input));
  return cancellable<LeaderboardChange>(async function* (signal) {
    using bell = app.bell.listen('evaluations'); // listen first, read second: nothing slips between
    const known = new Map<number, number>();
    const look = async () => (await app.sql.query<State>(states, given.slice(0, 6))).rows;
    const first = await look();
    for (const { id, version } of first) known.set(id, version);
    const newest = first.at(-1);
    if (newest) yield { boardId: newest.id, runIds: [], at: newest.changedAt };
    while (!signal.aborted) {
      await bell.heard(signal);
      if (signal.aborted) return;
      for (const { id, version, changedAt } of await look()) {
        const told = known.get(id) ?? 0;
        if (version === told) continue;
        const { rows } = await app.sql.query<{ runId: string }>(changed, [
          ...given,
          id,
          told,
          version,
        ]);
        known.set(id, version);
        if (rows.length > 0) {
          yield { boardId: id, runIds: rows.map(({ runId }) => runId), at: changedAt };
        }
      }
    }
  });
}
