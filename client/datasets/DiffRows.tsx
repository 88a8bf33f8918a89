import type { DatasetDiffKind, DiffRows_EntryFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './DiffView.module.css';
import { DIFF_LOOK } from './diffKinds.ts';
import { OpenTrace } from './OpenTrace.tsx';
import { SplitTag } from './SplitTag.tsx';

const DiffRows_Entry = graphql(`
  fragment DiffRows_Entry on DatasetDiffEntry {
    kind
    from {
      position
      split
      trace {
        id
        promptPreview
        answerPreview
        stepCount
      }
    }
    to {
      position
      split
      trace {
        id
        promptPreview
        answerPreview
        stepCount
      }
    }
  }
`);

const DiffRows_Query = graphql(`
  query DiffRows_Query($from: String!, $to: String!, $kinds: [DatasetDiffKind!], $after: String) {
    datasetDiff(from: $from, to: $to) {
      entries(kinds: $kinds, first: 50, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            ...DiffRows_Entry
          }
        }
      }
    }
  }
`);

type RowsProps = {
  from: string;
  to: string;
  kind: DatasetDiffKind | undefined;
  /** How many there are of this kind. */
  total: number;
  onOpen: (traceId: string) => void;
};

function Difference(props: { entry: DiffRows_EntryFragment; onOpen: (id: string) => void }) {
  const { from, to, kind } = props.entry;
  if (kind === 'MOVED' && from && to) {
    return (
      <>
        <SplitTag split={from.split} /> → <SplitTag split={to.split} />
      </>
    );
  }
  if (kind === 'CHANGED' && from && to) {
    return (
      <div className={css.answer}>
        <OpenTrace short id={from.trace.id} onOpen={props.onOpen}>
          {from.trace.answerPreview || 'empty'}
        </OpenTrace>{' '}
        ({plural(from.trace.stepCount, 'step')}) →{' '}
        <OpenTrace short id={to.trace.id} onOpen={props.onOpen}>
          {to.trace.answerPreview || 'empty'}
        </OpenTrace>{' '}
        ({plural(to.trace.stepCount, 'step')}){' '}
        <TextLink to={paths.compareTraces(from.trace.id, to.trace.id)}>Compare</TextLink>
      </div>
    );
  }
  const item = to ?? from;
  return item ? <SplitTag split={item.split} /> : null;
}

export function DiffRows(props: RowsProps) {
  const { from, to, kind, onOpen } = props;
  return (
    <PagedRows
      query={DiffRows_Query}
      variables={{ from, to, kinds: kind ? [kind] : undefined }}
      pageOf={(data) => data.datasetDiff?.entries}
      noun="difference"
      total={props.total}
      empty={
        <EmptyState title="Nothing differs">
          {kind
            ? `No item was ${DIFF_LOOK[kind].label.toLowerCase()}.`
            : 'Both hold the same items on the same sides.'}
        </EmptyState>
      }
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => {
            const entry = read(DiffRows_Entry, node);
            const item = entry.to ?? entry.from;
            if (!item) return null;
            const look = DIFF_LOOK[entry.kind];
            return (
              <tr key={`${entry.kind} ${item.trace.id}`} data-testid="diff-entry">
                <td>
                  <Tag tone={look.tone} icon={look.icon}>
                    {look.label}
                  </Tag>
                </td>
                <td className={css.prompt}>
                  <OpenTrace id={item.trace.id} onOpen={onOpen} title={item.trace.promptPreview}>
                    {item.trace.promptPreview}
                  </OpenTrace>
                </td>
                <td>
                  <Difference entry={entry} onOpen={onOpen} />
                </td>
                <td data-numeric data-wide>
                  {formatCount(item.position)}
                </td>
              </tr>
            );
          })}
        </tbody>
      )}
    </PagedRows>
  );
}
