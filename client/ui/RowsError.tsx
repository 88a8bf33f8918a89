import { Box } from '@mantine/core';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { useArrival } from './FurtherPage.tsx';
import { TableNote } from './Table.tsx';

/** In the place of rows that could not be read; those above it stay. */
export function RowsError(props: { error: unknown; onRetry: () => void }) {
  useArrival();
  return (
    <TableNote>
      <Box p="md">
        <ErrorNotice {...props} />
      </Box>
    </TableNote>
  );
}
