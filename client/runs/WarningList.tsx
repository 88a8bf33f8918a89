import { Checkbox, Stack, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Notice } from '../ui/Notice.tsx';

const WarningList_RunWarning = graphql(`
  fragment WarningList_RunWarning on RunWarning {
    code
    message
    acknowledged
  }
`);

/** Warnings, with a tick each where they can still be acknowledged. */
export function WarningList(props: {
  warnings: readonly FragmentType<typeof WarningList_RunWarning>[];
  acknowledged?: readonly string[];
  onAcknowledge?: (code: string, yes: boolean) => void;
}) {
  const warnings = read(WarningList_RunWarning, props.warnings);
  const { acknowledged = [], onAcknowledge } = props;
  return (
    <Stack gap="xs">
      {warnings.map((warning) => (
        <Notice key={warning.code} tone="warn" testId="run-warning">
          <Text size="sm">{warning.message}</Text>
          {onAcknowledge ? (
            <Checkbox
              mt="xs"
              size="sm"
              label="I know, go on"
              aria-label={`Acknowledge ${warning.code}`}
              checked={acknowledged.includes(warning.code)}
              onChange={(event) => onAcknowledge(warning.code, event.currentTarget.checked)}
            />
          ) : (
            <Text size="xs" c="dimmed" mt={2}>
              {warning.code}
              {warning.acknowledged ? ' · acknowledged' : ''}
            </Text>
          )}
        </Notice>
      ))}
    </Stack>
  );
}
