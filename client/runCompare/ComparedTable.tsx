import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import css from './ComparedTable.module.css';
import { type ComparedRun, runLabel } from './comparedRuns.ts';
import { LOOKS } from './looks.ts';

export type ComparedTableRow = {
  key: string;
  name: ReactNode;
  cells: readonly ReactNode[];
  /** Said once above the first row of a group. */
  group?: string;
  isSame?: boolean;
};

/** The line of a run as the charts draw it. */
export function RunLook(props: { look: number }) {
  const look = LOOKS[props.look];
  return (
    <svg className={css.look} viewBox="0 0 18 8" aria-hidden="true">
      <line
        x1={0}
        x2={18}
        y1={4}
        y2={4}
        style={{ ['--light' as string]: look?.light, ['--dark' as string]: look?.dark }}
        strokeDasharray={look?.dash ? '5 3' : undefined}
      />
    </svg>
  );
}

/** One row for each fact, one column for each run. The names stay while the runs scroll sideways. */
export function ComparedTable(props: {
  caption: string;
  runs: readonly ComparedRun[];
  rows: readonly ComparedTableRow[];
  testId?: string;
}) {
  return (
    <div className={css.scroll}>
      <table
        className={css.table}
        style={{ minWidth: 110 + props.runs.length * 124 }}
        aria-label={props.caption}
        data-testid={props.testId}
      >
        <thead>
          <tr>
            <th scope="col">
              <VisuallyHidden>What</VisuallyHidden>
            </th>
            {props.runs.map((run, index) => (
              <th key={run.id} scope="col">
                <RunLook look={index} />
                <TextLink to={paths.run(run.number)}>{runLabel(run)}</TextLink>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <Row key={row.key} row={row} columns={props.runs.length} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { row: ComparedTableRow; columns: number }) {
  const { row } = props;
  return (
    <>
      {row.group !== undefined && (
        <tr className={css.group}>
          <th scope="rowgroup" colSpan={props.columns + 1}>
            {row.group}
          </th>
        </tr>
      )}
      <tr data-same={row.isSame || undefined} data-testid="compared-row">
        <th scope="row">{row.name}</th>
        {row.cells.map((cell, index) => (
          <td key={index}>{cell}</td>
        ))}
      </tr>
    </>
  );
}
