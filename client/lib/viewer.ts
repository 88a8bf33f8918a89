/** Who looks at this page, and what they may do: parts that change something ask here. */
import { createContext, useContext } from 'react';
import type { ActorKind, Scope, UserRole } from '../gql/graphql.ts';

export type Viewer = {
  kind: ActorKind;
  name: string;
  role: UserRole | null;
  scopes: ReadonlySet<Scope>;
  /** False where whoever reaches the port may do everything. */
  authRequired: boolean;
  user: { id: string; name: string; email: string } | null;
};

/** Where nobody has to sign in everything is allowed; so is a part that stands outside of a page. */
const ViewerContext = createContext<Viewer | undefined>(undefined);

export const ViewerProvider = ViewerContext.Provider;

/** Undefined outside of the pages. */
export const useViewer = (): Viewer | undefined => useContext(ViewerContext);

/** Whether the viewer has a scope. The server decides; this only keeps dead buttons away. */
export function useMay(scope: Scope): boolean {
  const viewer = useViewer();
  return viewer === undefined || viewer.scopes.has(scope);
}
