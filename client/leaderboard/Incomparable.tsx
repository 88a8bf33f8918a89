import { type FragmentType, graphql, read } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { boardLabel, urlOf } from './board.ts';
import css from './LeaderboardRows.module.css';

const Incomparable_Group = graphql(`
  fragment Incomparable_Group on IncomparableGroup {
    reason
    board {
      id
      runs
      split
      dataset {
        id
        key
      }
      evaluationSet {
        id
        key
      }
      judge {
        ref
      }
    }
  }
`);

/** Boards of the same items that are not ranked with these rows, and why. */
export function Incomparable(props: {
  groups: readonly FragmentType<typeof Incomparable_Group>[];
}) {
  const groups = read(Incomparable_Group, props.groups);
  return (
    <tbody>
      {groups.map(({ board, reason }) => (
        <tr key={board.id} className={css.other} data-testid="incomparable">
          <td colSpan={9}>
            <TextLink to={paths.leaderboard(withoutNothing(urlOf(board)))}>
              {boardLabel(board)}
            </TextLink>{' '}
            ({plural(board.runs, 'run')}) is not ranked here: {reason}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function withoutNothing(url: ReturnType<typeof urlOf>) {
  const { set, dataset, split, judge } = url;
  return { judge, ...(set && { set }), ...(dataset && { dataset }), ...(split && { split }) };
}
