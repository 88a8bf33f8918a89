import { Button, CopyButton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Code } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';

/** Something that cannot be read again: large, with a copy button that nobody overlooks. */
export function ShownOnce(props: { what: string; value: string; children: ReactNode }) {
  const { what, value } = props;
  return (
    <Stack gap="sm" data-testid="shown-once">
      <Notice tone="warn" title={`Copy the ${what} now: it is not shown again`}>
        {props.children}
      </Notice>
      <Code label={what} wrap>
        {value}
      </Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
            data-testid="copy-once"
          >
            {copied ? 'Copied' : `Copy the ${what}`}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
