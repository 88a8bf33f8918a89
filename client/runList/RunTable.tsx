import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useDensity } from '../lib/density.ts';
import { formatDuration, plural } from '../lib/format.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { type VirtualColumn, VirtualTable } from '../ui/VirtualTable.tsx';
import {
  Accuracy,
  Created,
  DataAndModel,
  Gate,
  LossLine,
  Progress,
  Status,
  Title,
} from './RunCells.tsx';
import css from './RunTable.module.css';
import { type RunRow, runnerOf } from './runRows.ts';

const ROWS = { comfortable: 58, compact: 46 } as const;
const CARD = 124;
const PHONE = '(max-width: 48em)';

const WIDE: readonly VirtualColumn<RunRow>[] = [
  {
    key: 'run',
    name: 'Run',
    width: 'minmax(0, 1fr)',
    cell: (run) => <Title run={run} />,
  },
  { key: 'status', name: 'Status', width: '116px', cell: (run) => <Status run={run} /> },
  {
    key: 'data',
    name: 'Dataset, model',
    width: '142px',
    from: 820,
    cell: (run) => <DataAndModel run={run} />,
  },
  { key: 'progress', name: 'Progress', width: '190px', cell: (run) => <Progress run={run} /> },
  { key: 'loss', name: 'Loss', width: '90px', from: 920, cell: (run) => <LossLine run={run} /> },
  {
    key: 'accuracy',
    name: 'Accuracy',
    width: '106px',
    from: 680,
    cell: (run) => <Accuracy run={run} />,
  },
  {
    key: 'runner',
    name: 'Runner',
    width: '96px',
    from: 1060,
    cell: (run) => (
      <div className={css.clip} title={runnerOf(run)}>
        {runnerOf(run) ?? '–'}
      </div>
    ),
  },
  {
    key: 'duration',
    name: 'Duration',
    width: '82px',
    numeric: true,
    from: 760,
    cell: (run) => formatDuration(run.durationSeconds),
  },
  {
    key: 'age',
    name: 'Created',
    width: '106px',
    numeric: true,
    cell: (run) => <Created run={run} />,
  },
];

const PHONE_COLUMNS: readonly VirtualColumn<RunRow>[] = [
  {
    key: 'run',
    name: 'Run',
    width: 'minmax(0, 1fr)',
    cell: (run) => (
      <div className={css.card}>
        <div className={css.line}>
          <Title run={run} isShort />
          <RunStatusBadge run={run} />
        </div>
        <Progress run={run} />
        {(run.metrics.length > 0 || run.evaluations.length > 0) && (
          <div className={css.line}>
            <LossLine run={run} />
            <Gate run={run} />
            <Accuracy run={run} />
          </div>
        )}
        <div className={css.facts}>
          <span className={css.clip}>{run.dataset?.key ?? 'no dataset'}</span>
          <span className={css.clip}>{run.modelId}</span>
          <span>{formatDuration(run.durationSeconds)}</span>
          <Created run={run} isShort />
        </div>
      </div>
    ),
  },
];

/** The rows in sight of any number of runs; cards on a phone. */
export function RunTable(props: {
  rows: readonly RunRow[];
  total: number;
  isLoading: boolean;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], selected: boolean) => void;
  active: number | undefined;
  onActive: (id: string) => void;
  onNearEnd: () => void;
}) {
  const { rows, selected, onSelect } = props;
  const rowDensity = useDensity();
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  const select: VirtualColumn<RunRow> = {
    key: 'select',
    name: (
      <Checkbox
        size="xs"
        aria-label={`Select the ${plural(rows.length, 'loaded run')}`}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() =>
          onSelect(
            rows.map(({ id }) => id),
            !all,
          )
        }
      />
    ),
    width: '44px',
    cell: (run) => (
      <Checkbox
        size="xs"
        aria-label={`Select run ${run.number}`}
        checked={selected.has(run.id)}
        onChange={(event) => onSelect([run.id], event.currentTarget.checked)}
      />
    ),
  };
  return (
    <VirtualTable
      caption="Runs"
      testId="runs"
      columns={[select, ...(isPhone ? PHONE_COLUMNS : WIDE)]}
      rows={rows}
      rowKey={(run) => run.id}
      rowHeight={isPhone ? CARD : ROWS[rowDensity]}
      total={props.total}
      pendingRows={props.isLoading && rows.length > 0 ? 3 : 0}
      hideHead={isPhone}
      isSelected={(run) => selected.has(run.id)}
      active={props.active}
      onRowClick={(run) => props.onActive(run.id)}
      onNearEnd={props.onNearEnd}
    />
  );
}
