import type { App } from '../server/app.ts';
import { type BoardRow, readBoards, readIncomparable } from '../server/evaluations/boardsRead.ts';
import {
  countLeaderboard,
  type LeaderboardInput,
  type LeaderboardRow as Row,
  readLeaderboard,
} from '../server/evaluations/leaderboard.ts';
import { groupEnds, groupOf } from '../server/evaluations/leaderboardTies.ts';
import {
  Board,
  BoardPick,
  GROUP_DESCRIPTION,
  IncomparableGroup,
  RANK_DESCRIPTION,
  TIED_DESCRIPTION,
} from './boards.ts';
import { builder } from './builder.ts';
import { ConfidenceInterval } from './confidenceInterval.ts';
import { costOfPage } from './paging.ts';
import { orBadValue } from './requestError.ts';
import { Split } from './split.ts';

/** What the rows of one page share: read when the first of them asks. */
type Shared = {
  rows: readonly Row[];
  /**
   * Rows of a table by id, read at once for the whole page: fifty single reads cost ten times as much.
   * Each field of the document, by the name it has in the answer, reads its own columns.
   */
  byId: <T extends { id: string }>(
    field: string,
    read: () => Promise<T[]>,
  ) => Promise<Map<string, T>>;
  boards: () => Promise<Map<number, BoardRow>>;
  groupEnds: (boardId: number) => Promise<number[]>;
};

type PageRow = Row & { shared: Shared };

/** An entry goes with its run and its evaluation, so only a page that is older than that misses one. */
function present<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('the run of a row of this page was deleted meanwhile');
  return row;
}

export const LeaderboardRow = builder.objectRef<PageRow>('LeaderboardRow').implement({
  description: 'One run on one board, with the evaluation that counts.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: RANK_DESCRIPTION }),
    tiedFrom: t.exposeInt('tiedFrom', { description: `First ${TIED_DESCRIPTION}` }),
    tiedTo: t.exposeInt('tiedTo', { description: `Last ${TIED_DESCRIPTION}` }),
    tieGroup: t.int({
      description: GROUP_DESCRIPTION,
      resolve: async ({ boardId, value, shared }) =>
        groupOf(await shared.groupEnds(boardId), value),
    }),
    board: t.field({
      type: Board,
      description: 'The board it stands on.',
      resolve: async ({ boardId, shared }) => (await shared.boards()).get(boardId) as BoardRow,
    }),
    run: t.prismaField({
      type: 'Run',
      description: 'The run.',
      resolve: async (query, { runId, shared }, _args, { app }, info) => {
        const some = { ...query, where: { id: { in: shared.rows.map((row) => row.runId) } } };
        const read = () => app.db.run.findMany(some);
        return present((await shared.byId(`run ${info.path.key}`, read)).get(runId));
      },
    }),
    evaluation: t.prismaField({
      type: 'Evaluation',
      description: 'The evaluation that counts.',
      resolve: async (query, { evaluationId, shared }, _args, { app }, info) => {
        const some = {
          ...query,
          where: { id: { in: shared.rows.map((row) => row.evaluationId) } },
        };
        const read = () => app.db.evaluation.findMany(some);
        return present((await shared.byId(`evaluation ${info.path.key}`, read)).get(evaluationId));
      },
    }),
    value: t.exposeFloat('value', { description: 'The metric it is ranked by.' }),
    interval: t.expose('interval', {
      type: ConfidenceInterval,
      nullable: true,
      description:
        'Wilson 95 % interval of `value`, in its unit. For scores between right and wrong it is ' +
        'wider than need be.',
    }),
  }),
});

type Page = Awaited<ReturnType<typeof leaderboardPage>>;

// What the plugin knows of a connection are the fields of every connection.
const ownOf = (page: object) => page as unknown as Pick<Page, 'count' | 'incomparable'>;

const LeaderboardConnection = builder.connectionObject(
  {
    type: LeaderboardRow,
    name: 'LeaderboardConnection',
    description: 'A page of the leaderboard.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'Rows on all pages together; counted only when asked for.',
        resolve: (page) => ownOf(page).count(),
      }),
      incomparable: t.field({
        type: [IncomparableGroup],
        description:
          'Other boards of the dataset or evaluation set of the first row, in whatever version, and ' +
          'why they are not ranked together with it; the newest 50.',
        resolve: (page) => ownOf(page).incomparable(),
      }),
    }),
  },
  { name: 'LeaderboardConnectionEdge', description: 'A run on a page of the leaderboard.' },
);

export const LeaderboardFilter = builder.inputType('LeaderboardFilter', {
  description: 'Which entries of which boards; every given condition must hold.',
  fields: (t) => ({
    datasetKey: t.string({
      description: 'On a side of this dataset, or of runs on it where an evaluation set is judged.',
    }),
    evaluationSetKey: t.string({ description: 'On this evaluation set.' }),
    split: t.field({ type: Split, description: 'On this side.' }),
    judge: t.string({ description: 'By this judge: `name`, or `name@version`.' }),
    modelId: t.string({ description: 'Of runs from this model.' }),
    evaluatedAfter: t.field({ type: 'DateTime', description: 'Judged at this moment or later.' }),
    evaluatedBefore: t.field({ type: 'DateTime', description: 'Judged before this moment.' }),
    includeMocks: t.boolean({
      description:
        'Also by judges with `ranks: false`, such as mocks, which are otherwise shown only when ' +
        '`judge` names them.',
    }),
  }),
});

export const METRIC_DESCRIPTION =
  '`score` when not given; `primary_score` or `accuracy`; or the accuracy on a part of an evaluation ' +
  'set, such as `section/core/accuracy`. All are better when higher.';

/** Calls once for each argument. */
function once<A, T>(read: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  const known = new Map<A, Promise<T>>();
  return (argument) => {
    const promise = known.get(argument) ?? read(argument);
    known.set(argument, promise);
    return promise;
  };
}

/** One page as a connection. */
export async function leaderboardPage(app: Pick<App, 'sql'>, args: LeaderboardInput) {
  const { rows, hasNextPage } = await readLeaderboard(app.sql, args).catch(orBadValue);
  const boardIds = [...new Set(rows.map(({ boardId }) => boardId))];
  const ranking = { metric: args.metric ?? 'score', pick: args.pick ?? 'LATEST' };
  const lowest = new Map(rows.map(({ boardId, value }) => [boardId, value]));
  const boards = once(async (ids: readonly number[]) => {
    const found = await readBoards(app.sql, ids);
    return new Map(found.map((board) => [board.id, board]));
  });
  const tables = new Map<string, Promise<Map<string, never>>>();
  const shared: Shared = {
    rows,
    byId<T extends { id: string }>(field: string, read: () => Promise<T[]>) {
      const known = tables.get(field) as Promise<Map<string, T>> | undefined;
      if (known) return known;
      const table = read().then((found) => new Map(found.map((row) => [row.id, row])));
      tables.set(field, table as Promise<Map<string, never>>);
      return table;
    },
    boards: () => boards(boardIds),
    groupEnds: once((boardId: number) =>
      groupEnds(app.sql, ranking, boardId, lowest.get(boardId) ?? 0),
    ),
  };
  return {
    edges: rows.map((row) => ({ cursor: row.cursor, node: { ...row, shared } })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: Boolean(args.after),
      startCursor: rows[0]?.cursor ?? null,
      endCursor: rows.at(-1)?.cursor ?? null,
    },
    count: () => countLeaderboard(app.sql, args),
    incomparable: async () =>
      boardIds[0] === undefined ? [] : readIncomparable(app.sql, boardIds[0]),
  };
}

builder.queryFields((t) => ({
  leaderboard: t.field({
    type: LeaderboardConnection,
    description:
      'Runs by a metric of their evaluations, best first within each board; boards follow one after ' +
      'the other, newest first. A run that is judged while you page neither shifts nor repeats the ' +
      'others; only itself may move past you.',
    authScopes: { scope: 'READ' },
    complexity: costOfPage,
    args: {
      filter: t.arg({ type: LeaderboardFilter, description: 'Which ones; all without it.' }),
      metric: t.arg.string({ description: METRIC_DESCRIPTION }),
      pick: t.arg({ type: BoardPick, description: 'LATEST when not given.' }),
      first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
      after: t.arg.string({ description: 'Only what follows this cursor.' }),
    },
    resolve: (_root, args, { app }) => leaderboardPage(app, args),
  }),
}));
