import type { ReactNode } from 'react';
import { Table } from '../ui/Table.tsx';

/** The columns of `AuditRow`. */
export function AuditTable(props: { caption: string; testId: string; children: ReactNode }) {
  return (
    <Table
      {...props}
      columns={[
        { name: 'When' },
        { name: 'Who', wide: true },
        { name: 'What' },
        { name: 'Done to', wide: true },
        { name: 'Outcome' },
      ]}
    />
  );
}
