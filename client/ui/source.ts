/** Which question fills the panels of a page: what a panel offers by the API unless it names its own. */
import { createContext } from 'react';
import type { Operation } from 'urql';

/** A document of the UI. */
export type Source = Operation['query'] | string;

export const SourceContext = createContext<Source | undefined>(undefined);
