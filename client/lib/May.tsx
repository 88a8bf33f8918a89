import type { ReactNode } from 'react';
import type { Scope } from '../gql/graphql.ts';
import { useMay } from './viewer.ts';

/** What only those with a scope are shown. */
export function May(props: { scope: Scope; children: ReactNode }) {
  return useMay(props.scope) ? props.children : null;
}
