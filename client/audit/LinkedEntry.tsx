import { graphql, read } from '../gql/index.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { RowsError } from '../ui/RowsError.tsx';
import { Section } from '../ui/Section.tsx';
import { TableNote } from '../ui/Table.tsx';
import { AuditRow, AuditRow_Entry } from './AuditRow.tsx';
import { AuditTable } from './AuditTable.tsx';

const LinkedEntry_Query = graphql(`
  query LinkedEntry_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...AuditRow_Entry
    }
  }
`);

function Entry(props: { id: string; onClose: () => void }) {
  const { data, error, loading, refetch } = usePartQuery({
    query: LinkedEntry_Query,
    variables: { id: props.id },
  });
  if (error) return <RowsError error={error} onRetry={refetch} />;
  const node = data?.node;
  if (node?.__typename === 'AuditEntry' && node.id === props.id) {
    return (
      <tbody>
        <AuditRow of={read(AuditRow_Entry, node)} isOpen onToggle={props.onClose} />
      </tbody>
    );
  }
  return (
    <TableNote>
      {loading ? (
        <LoadingRows rows={2} />
      ) : (
        <EmptyState title="There is no such entry">The address may not be complete.</EmptyState>
      )}
    </TableNote>
  );
}

/** The entry that a link leads to, wherever it stands in the log. */
export function LinkedEntry(props: { id: string; onClose: () => void }) {
  return (
    <Section source={LinkedEntry_Query} title="The entry of the link" flush>
      <AuditTable caption="The entry of the link" testId="linked-entry">
        <Entry key={props.id} {...props} />
      </AuditTable>
    </Section>
  );
}
