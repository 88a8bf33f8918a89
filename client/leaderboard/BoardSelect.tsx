import { Select } from '@mantine/core';
import type { Split } from '../gql/graphql.ts';
import { plural } from '../lib/format.ts';
import { type BoardUrl, boardLabel, urlOf } from './board.ts';

type Board = {
  id: string;
  runs: number;
  split: Split | null;
  dataset: { key: string } | null;
  evaluationSet: { key: string } | null;
  judge: { ref: string; isMock: boolean };
};

const isShown = (board: Board, url: BoardUrl): boolean => {
  const own = urlOf(board);
  const hasJudge =
    url.judge === undefined || [own.judge, own.judge.split('@')[0]].includes(url.judge);
  return own.set === url.set && own.dataset === url.dataset && own.split === url.split && hasJudge;
};

/** Chooses what is ranked: the items that were answered, and who judged. */
export function BoardSelect(props: {
  boards: readonly Board[];
  url: BoardUrl;
  onChange: (board: Board) => void;
}) {
  const { boards, url } = props;
  const shown = boards.find((board) => isShown(board, url));
  return (
    <Select
      label="Board"
      searchable
      maw={560}
      placeholder={url.set ?? url.dataset ?? 'Choose a board'}
      data={boards.map((board) => ({
        value: board.id,
        label: `${boardLabel(board)} (${plural(board.runs, 'run')}${board.judge.isMock ? ', mock' : ''})`,
      }))}
      value={shown?.id ?? null}
      onChange={(id) => {
        const board = boards.find((one) => one.id === id);
        if (board) props.onChange(board);
      }}
      nothingFoundMessage="No board has such a name"
      data-testid="board-select"
    />
  );
}
