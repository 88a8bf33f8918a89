import { type BoardRow, readBoards } from '../server/evaluations/boardsRead.ts';
import type { LeaderboardInput } from '../server/evaluations/leaderboard.ts';
import {
  type LeaderboardChange as Change,
  followLeaderboard,
} from '../server/evaluations/leaderboardFollow.ts';
import { Board, BoardPick } from './boards.ts';
import { builder } from './builder.ts';
import { globalId } from './ids.ts';
import {
  LeaderboardFilter,
  LeaderboardRow,
  leaderboardPage,
  METRIC_DESCRIPTION,
} from './leaderboard.ts';
import { orBadValue } from './requestError.ts';

type Message = Change & { query: LeaderboardInput };

const LeaderboardChange = builder.objectRef<Message>('LeaderboardChange').implement({
  description: 'That a board has new or other entries. Read the page you show again.',
  fields: (t) => ({
    board: t.field({
      type: Board,
      description: 'The board.',
      resolve: async ({ boardId }, _args, { app }) =>
        (await readBoards(app.sql, [boardId]))[0] as BoardRow,
    }),
    runIds: t.idList({
      description: 'Runs whose entry is new or another; none in the first message.',
      resolve: ({ runIds }) => runIds.map((id) => globalId('Run', id)),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    rows: t.field({
      type: [LeaderboardRow],
      description: 'The first 20 rows of the leaderboard of this filter as they are now.',
      resolve: async ({ query }, _args, { app }) =>
        (await leaderboardPage(app, query)).edges.map(({ node }) => node),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  leaderboardChanged: t.field({
    type: LeaderboardChange,
    description:
      'First the board of the filter that changed last, without runs, so that a page that was read ' +
      'before can be read again; then each change as evaluations are completed. Ends only with you.',
    authScopes: { scope: 'READ' },
    args: {
      filter: t.arg({ type: LeaderboardFilter, description: 'Which ones; all without it.' }),
      metric: t.arg.string({ description: METRIC_DESCRIPTION }),
      pick: t.arg({ type: BoardPick, description: 'LATEST when not given.' }),
    },
    subscribe: (_root, { filter, metric, pick }, { app }) => {
      try {
        return followLeaderboard(app, { filter, metric, pick });
      } catch (error) {
        return orBadValue(error);
      }
    },
    resolve: (change, { filter, metric, pick }): Message => ({
      ...change,
      query: { filter, metric, pick },
    }),
  }),
}));
