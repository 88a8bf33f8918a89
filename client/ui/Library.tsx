import './mantine.css.ts';
import { MantineProvider } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { styleNonce } from '../lib/nonce.ts';
import { schemeManager } from '../lib/scheme.ts';
import { theme } from './theme.ts';

/** What components of the library stand in. Its variables are in the first style sheet. */
export function Library(props: { children: ReactNode }) {
  const [manager] = useState(schemeManager);
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      withGlobalClasses={false}
      getStyleNonce={() => styleNonce}
      colorSchemeManager={manager}
      defaultColorScheme="auto"
    >
      {props.children}
    </MantineProvider>
  );
}
