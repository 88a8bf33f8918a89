import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import type { UseExcludedFindings_QueryQueryVariables } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { FINDING_CODES } from './rules.ts';

const UseExcludedFindings_Query = graphql(`
  query UseExcludedFindings_Query($id: ID!, $codes: [FindingCode!], $after: String) {
    node(id: $id) {
      __typename
      id
      ... on DatasetCheck {
        findings(codes: $codes, waived: false, first: 100, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              id
            }
          }
        }
      }
    }
  }
`);

/** What one build can be told to leave out. */
const MOST = 10_000;

export type ExcludedFindings = {
  ids: readonly string[];
  total: number;
  isReading: boolean;
  error: string | undefined;
};

const NOTHING: ExcludedFindings = { ids: [], total: 0, isReading: false, error: undefined };

/**
 * The findings that the URL asks to leave out: `exclude=findings` is every open one of the check,
 * of some `rules` if they are named, else `exclude` lists ids.
 */
export function useExcludedFindings(
  checkId: string | undefined,
  exclude: string | undefined,
  rules: string | undefined,
): ExcludedFindings {
  const client = useClient();
  const wanted = exclude === 'findings' && checkId ? `${checkId} ${rules ?? ''}` : undefined;
  const [read, setRead] = useState<ExcludedFindings & { of: string | undefined }>();
  useEffect(() => {
    if (!wanted || !checkId) return undefined;
    let isOver = false;
    const named = rules?.split(',') ?? [];
    const codes = FINDING_CODES.filter((code) => named.includes(code));
    const readAll = async () => {
      const ids: string[] = [];
      let after: string | null | undefined;
      for (;;) {
        const variables: UseExcludedFindings_QueryQueryVariables = {
          id: checkId,
          codes: codes.length > 0 ? codes : undefined,
          after,
        };
        const { data, error } = await client
          .query(UseExcludedFindings_Query, variables, { requestPolicy: 'network-only' })
          .toPromise();
        if (isOver) return;
        const page = data?.node?.__typename === 'DatasetCheck' ? data.node.findings : undefined;
        const failure = error?.message ?? (page ? undefined : 'The check is not there any more.');
        ids.push(...(page?.edges.map(({ node }) => node.id) ?? []));
        after = page?.pageInfo.endCursor;
        const isReading = Boolean(page?.pageInfo.hasNextPage) && ids.length < MOST && !failure;
        setRead({
          of: wanted,
          ids: ids.slice(0, MOST),
          total: page?.totalCount ?? ids.length,
          isReading,
          error: failure,
        });
        if (!isReading) return;
      }
    };
    void readAll();
    return () => {
      isOver = true;
    };
  }, [client, checkId, wanted, rules]);

  if (wanted) return read?.of === wanted ? read : { ...NOTHING, isReading: true };
  if (!exclude) return NOTHING;
  if (exclude === 'findings') return { ...NOTHING, error: 'There is no check to take them from.' };
  const ids = exclude.split(',').filter(Boolean);
  return { ...NOTHING, ids, total: ids.length };
}
