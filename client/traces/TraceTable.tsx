import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { TraceSort } from '../gql/graphql.ts';
import { useDensity } from '../lib/density.ts';
import { formatCount, formatScore, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { type VirtualColumn, VirtualTable } from '../ui/VirtualTable.tsx';
import { Highlight } from './Highlight.tsx';
import css from './TraceTable.module.css';
import type { TraceRow } from './traceList.ts';
import type { TraceSorting } from './traceSorting.ts';

const ROWS = { comfortable: 56, compact: 44 } as const;
const CARD = 88;
const PHONE = '(max-width: 48em)';

function Labels(props: { tags: readonly string[] }) {
  return props.tags.slice(0, 3).map((tag) => (
    <span key={tag} className={css.label}>
      {tag}
    </span>
  ));
}

/** What was found, or else the answer. */
function Below(props: { row: TraceRow }) {
  const { row } = props;
  return (
    <div className={css.below}>
      {!row.highlight && <Labels tags={row.tags} />}
      <span className={css.excerpt}>
        {row.highlight ? (
          <Highlight parts={row.highlight.parts} where={row.highlight.where} />
        ) : (
          `→ ${row.answerPreview}`
        )}
      </span>
    </div>
  );
}

const title = (row: TraceRow) => (
  <div className={css.title} title={row.promptPreview}>
    <TextLink to={paths.trace(row.id)}>{row.promptPreview || '(empty prompt)'}</TextLink>
  </div>
);

const WIDE: readonly VirtualColumn<TraceRow, TraceSort>[] = [
  {
    key: 'trace',
    name: 'Prompt and answer',
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <>
        {title(row)}
        <Below row={row} />
      </>
    ),
  },
  {
    key: 'source',
    name: 'Source',
    width: '112px',
    from: 560,
    cell: (row) => (
      <div className={css.clip} title={row.source ?? undefined}>
        {row.source ?? '–'}
      </div>
    ),
  },
  {
    key: 'steps',
    name: 'Steps',
    width: '66px',
    numeric: true,
    sort: 'STEP_COUNT',
    cell: (row) => formatCount(row.stepCount),
  },
  {
    key: 'chars',
    name: 'Characters',
    width: '104px',
    numeric: true,
    sort: 'TOTAL_CHARS',
    from: 820,
    cell: (row) => formatCount(row.totalChars),
  },
  {
    key: 'score',
    name: 'Score',
    width: '66px',
    numeric: true,
    sort: 'BASELINE_SCORE',
    from: 460,
    cell: (row) => formatScore(row.baselineScore),
  },
  {
    key: 'added',
    name: 'Added',
    width: '96px',
    numeric: true,
    sort: 'CREATED_AT',
    cell: (row) => <Ago at={row.createdAt} />,
  },
];

const PHONE_COLUMNS: readonly VirtualColumn<TraceRow, TraceSort>[] = [
  {
    key: 'trace',
    name: 'Trace',
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <div className={css.card}>
        {row.highlight ? <div className={css.clip}>{row.promptPreview}</div> : title(row)}
        {row.highlight && <Below row={row} />}
        <div className={css.facts}>
          <span>{plural(row.stepCount, 'step')}</span>
          <span>score {formatScore(row.baselineScore)}</span>
          <Ago at={row.createdAt} />
          <span className={css.clip}>{row.tags.join(', ') || row.source}</span>
        </div>
      </div>
    ),
  },
];

export function TraceTable(props: {
  rows: readonly TraceRow[];
  total: number;
  isLoading: boolean;
  sorting: TraceSorting;
  onSort: (by: TraceSort) => void;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], selected: boolean) => void;
  active: number | undefined;
  onPeek: (row: TraceRow, index: number) => void;
  onNearEnd: () => void;
}) {
  const { rows, selected, onSelect } = props;
  const rowDensity = useDensity();
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  const ids = () => rows.map(({ id }) => id);
  const select: VirtualColumn<TraceRow, TraceSort> = {
    key: 'select',
    name: (
      <Checkbox
        size="xs"
        aria-label={`Select the ${plural(rows.length, 'loaded trace')}`}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() => onSelect(ids(), !all)}
      />
    ),
    width: '44px',
    cell: (row) => (
      <Checkbox
        size="xs"
        aria-label={`Select “${row.promptPreview.slice(0, 60)}”`}
        checked={selected.has(row.id)}
        onChange={(event) => onSelect([row.id], event.currentTarget.checked)}
      />
    ),
  };
  return (
    <VirtualTable
      caption="Traces"
      testId="traces"
      columns={[select, ...(isPhone ? PHONE_COLUMNS : WIDE)]}
      rows={rows}
      rowKey={(row) => row.id}
      rowHeight={isPhone ? CARD : ROWS[rowDensity]}
      total={props.total}
      pendingRows={props.isLoading && rows.length > 0 ? 3 : 0}
      sorted={props.sorting}
      onSort={props.onSort}
      hideHead={isPhone}
      isSelected={(row) => selected.has(row.id)}
      active={props.active}
      onRowClick={props.onPeek}
      onNearEnd={props.onNearEnd}
    />
  );
}
