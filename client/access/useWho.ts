import { useEffect, useMemo } from 'react';
import { graphql } from '../gql/index.ts';
import { session } from '../lib/session.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import type { Viewer } from '../lib/viewer.ts';

const UseWho_Query = graphql(`
  query UseWho_Query {
    viewer {
      kind
      name
      role
      scopes
      authRequired
      user {
        id
        name
        email
      }
    }
  }
`);

/** Who is there; undefined until that is known, and where nobody is. */
export function useWho(): Viewer | undefined {
  const { data } = usePageQuery({ query: UseWho_Query });
  const found = data?.viewer;
  const isSomebody = found !== undefined && found.kind !== 'ANONYMOUS';
  const email = found?.user?.email ?? null;
  useEffect(() => {
    if (isSomebody) session.begin(email);
    else if (found) void session.lose();
  }, [isSomebody, found, email]);
  return useMemo(
    () => (found && isSomebody ? { ...found, scopes: new Set(found.scopes) } : undefined),
    [found, isSomebody],
  );
}
