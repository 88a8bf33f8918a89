import { GraphQLError } from 'graphql';
import type { App } from '../server/app.ts';
import {
  type BoardRow,
  type Incomparable,
  listBoards,
  type RunRank as RunRankShape,
  readBoards,
  readRunRanks,
} from '../server/evaluations/boardsRead.ts';
import { describeJudge } from '../server/evaluations/judges/registry.ts';
import { groupEnds, groupOf } from '../server/evaluations/leaderboardTies.ts';
import { builder } from './builder.ts';
import { ConfidenceInterval } from './confidenceInterval.ts';
import { localId } from './ids.ts';
import { Judge } from './judges.ts';
import { costOfPage } from './paging.ts';
import { orBadValue } from './requestError.ts';
import { Split } from './split.ts';

export const BoardPick = builder.enumType('BoardPick', {
  description: 'Which completed evaluation of a run counts when there are several on one board.',
  values: {
    LATEST: { description: 'The newest, by when it was asked for.' },
    BEST: { description: 'The one with the best value of the metric; of equal ones the newest.' },
  } as const,
});

/** The opaque id of a board, which has a number and no uuid. */
const boardId = (id: number): string => Buffer.from(`Board:${id}`).toString('base64');

/** The number in the opaque id of a board; null for anything else. */
export function localBoardId(id: string): number | null {
  const digits = /^Board:(\d{1,9})$/.exec(Buffer.from(id, 'base64').toString('utf8'))?.[1];
  return digits === undefined ? null : Number(digits);
}

export const Board = builder.objectRef<BoardRow>('Board').implement({
  description:
    'What is ranked together: evaluations of the same items (by content: a side of a dataset, or an ' +
    'evaluation set), by the same version of a judge with the same settings, on the final model.',
  fields: (t) => ({
    id: t.id({ description: 'Opaque and stable.', resolve: ({ id }) => boardId(id) }),
    targetHash: t.expose('targetHash', {
      type: 'SHA256',
      description: 'Digest of what is judged and of the settings of the judge.',
    }),
    dataset: t.prismaField({
      type: 'Dataset',
      nullable: true,
      description: 'The dataset whose side is judged, the first of this content; null for a set.',
      resolve: (query, { datasetId }, _args, { app }) =>
        app.db.dataset.findFirst({ ...query, where: { id: datasetId ?? NOTHING } }),
    }),
    split: t.expose('split', {
      type: Split,
      nullable: true,
      description: 'The side that is judged; null for a set.',
    }),
    evaluationSet: t.prismaField({
      type: 'EvaluationSet',
      nullable: true,
      description: 'The set that is judged, the first of this content; null for a side.',
      resolve: (query, { evaluationSetId }, _args, { app }) =>
        app.db.evaluationSet.findFirst({ ...query, where: { id: evaluationSetId ?? NOTHING } }),
    }),
    judge: t.field({
      type: Judge,
      description: 'Who judges.',
      resolve: ({ judge, judgeVersion }) => describeJudge(judge, judgeVersion),
    }),
    settings: t.field({
      type: 'JSON',
      description: 'What the judge was set up with, such as endpoint, model and prompt.',
      resolve: ({ settings }) => settings,
    }),
    runs: t.exposeInt('runs', { description: 'How many runs it ranks.' }),
    newestAt: t.expose('changedAt', {
      type: 'DateTime',
      description: 'When its newest evaluation was placed.',
    }),
  }),
});

/** No row has this id. Pothos takes it for a mistake when a resolver does not use its `query`. */
const NOTHING = '00000000-0000-0000-0000-000000000000';

export const IncomparableGroup = builder.objectRef<Incomparable>('IncomparableGroup').implement({
  description: 'A board of the same dataset or evaluation set, in whatever version.',
  fields: (t) => ({
    board: t.expose('board', { type: Board, description: 'The board.' }),
    reason: t.string({
      description: 'Why its runs are not ranked together with these, in sentences.',
      resolve: ({ reasons }) => reasons.join(' '),
    }),
  }),
});

export const RANK_DESCRIPTION =
  'From 1, among all runs of the board, whatever the filter. Equal values share a rank.';

export const TIED_DESCRIPTION =
  'rank whose 95 % Wilson interval, over as many items, touches that of this row. Within them the ' +
  'order means little; compareEvaluations tells more, because it compares item by item.';

export const GROUP_DESCRIPTION =
  'From 1: the first group is what cannot be told apart from the best run of the board by Wilson ' +
  'intervals, the second what cannot be told apart from the best of the rest, and so on.';

type PlacedRank = RunRankShape & { board: BoardRow; metric: string; pick: 'LATEST' | 'BEST' };

const RunRank = builder.objectRef<PlacedRank>('RunRank').implement({
  description: 'Where a run stands on one board.',
  fields: (t) => ({
    board: t.expose('board', { type: Board, description: 'The board.' }),
    rank: t.exposeInt('rank', { description: RANK_DESCRIPTION }),
    of: t.exposeInt('of', { description: 'How many runs the board has by this metric.' }),
    value: t.exposeFloat('value', { description: 'The metric it is ranked by.' }),
    interval: t.expose('interval', {
      type: ConfidenceInterval,
      description: 'Wilson 95 % interval of `value`, in its unit.',
    }),
    tiedFrom: t.exposeInt('tiedFrom', { description: `First ${TIED_DESCRIPTION}` }),
    tiedTo: t.exposeInt('tiedTo', { description: `Last ${TIED_DESCRIPTION}` }),
    tieGroup: t.int({
      description: GROUP_DESCRIPTION,
      resolve: async ({ boardId: board, value, ...ranking }, _args, { app }) =>
        groupOf(await groupEnds(app.sql, ranking, board, value), value),
    }),
    evaluation: t.prismaField({
      type: 'Evaluation',
      description: 'The evaluation that counts.',
      resolve: (query, { evaluationId }, _args, { app }) =>
        app.db.evaluation.findUniqueOrThrow({ ...query, where: { id: evaluationId } }),
    }),
  }),
});

async function ranksOfRun(
  app: Pick<App, 'sql'>,
  runId: string,
  {
    metric,
    pick,
  }: { metric?: string | null | undefined; pick?: 'LATEST' | 'BEST' | null | undefined },
): Promise<PlacedRank[]> {
  const ranks = await readRunRanks(app.sql, { runId, metric, pick });
  const boards = await readBoards(
    app.sql,
    ranks.map((rank) => rank.boardId),
  );
  const byId = new Map(boards.map((board) => [board.id, board]));
  return ranks.flatMap((rank) => {
    const board = byId.get(rank.boardId);
    return board ? [{ ...rank, board, metric: metric ?? 'score', pick: pick ?? 'LATEST' }] : [];
  });
}

const BoardConnection = builder.connectionObject(
  { type: Board, name: 'BoardConnection', description: 'A page of boards.' },
  { name: 'BoardConnectionEdge', description: 'A board on a page.' },
);

/** A page of boards; the cursor is the opaque id. */
async function boardPage(app: Pick<App, 'sql'>, first: number, after: string | null | undefined) {
  const before = after ? localBoardId(after) : 2 ** 31 - 1;
  if (before === null || first < 1 || first > 100) {
    const message =
      before === null
        ? 'after: This is not a cursor of boards. Copy `endCursor` of a page.'
        : `first: ${first} is not 1–100. Ask for more pages instead.`;
    throw new GraphQLError(message, { extensions: { code: 'BAD_VALUE' } });
  }
  const found = await listBoards(app.sql, before, first + 1);
  const edges = found.slice(0, first).map((node) => ({ cursor: boardId(node.id), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > first,
      hasPreviousPage: Boolean(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

builder.queryFields((t) => ({
  boards: t.field({
    type: BoardConnection,
    description: 'What is ranked together, newest board first.',
    authScopes: { scope: 'READ' },
    complexity: costOfPage,
    args: {
      first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
      after: t.arg.string({ description: 'Only what follows this cursor.' }),
    },
    resolve: (_root, { first, after }, { app }) => boardPage(app, first ?? 20, after),
  }),
  runRank: t.field({
    type: [RunRank],
    description: 'Where a run stands on each board it is on, newest board first.',
    authScopes: { scope: 'READ' },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      metric: t.arg.string({ description: 'As of `leaderboard`; `score` when not given.' }),
      pick: t.arg({ type: BoardPick, description: 'LATEST when not given.' }),
    },
    resolve: async (_root, { runId, ...ranking }, { app }) => {
      const id = localId('Run', runId);
      return id ? ranksOfRun(app, id, ranking).catch(orBadValue) : [];
    },
  }),
}));
