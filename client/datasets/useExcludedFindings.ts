import { useQuery } from 'urql';
import type { ExcludeInput } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { FINDING_CODES } from './rules.ts';

const UseExcludedFindings_Query = graphql(`
  query UseExcludedFindings_Query($id: ID!, $codes: [FindingCode!]) {
    node(id: $id) {
      __typename
      id
      ... on DatasetCheck {
        findings(codes: $codes, waived: false, first: 1) {
          totalCount
        }
      }
    }
  }
`);

export type ExcludedFindings = {
  /** What the build is told to leave out. */
  exclude: Pick<ExcludeInput, 'findingIds' | 'checkId' | 'codes'>;
  /** How many findings that are. */
  count: number;
  isReading: boolean;
  error: string | undefined;
};

const NOTHING: ExcludedFindings = { exclude: {}, count: 0, isReading: false, error: undefined };

/**
 * The findings that the URL asks to leave out: `exclude=findings` is every open one of the check,
 * of some `rules` if they are named, else `exclude` lists ids.
 */
export function useExcludedFindings(
  checkId: string | undefined,
  exclude: string | undefined,
  rules: string | undefined,
): ExcludedFindings {
  const wantsAll = exclude === 'findings';
  const named = rules?.split(',') ?? [];
  const chosen = FINDING_CODES.filter((code) => named.includes(code));
  const codes = chosen.length > 0 ? chosen : undefined;
  const [{ data, error, fetching }] = useQuery({
    query: UseExcludedFindings_Query,
    variables: { id: checkId ?? '', codes },
    requestPolicy: 'cache-and-network',
    pause: !wantsAll || !checkId,
  });
  if (!exclude) return NOTHING;
  if (!wantsAll) {
    const findingIds = exclude.split(',').filter(Boolean);
    return { ...NOTHING, exclude: { findingIds }, count: findingIds.length };
  }
  if (!checkId) return { ...NOTHING, error: 'There is no check to take them from.' };
  if (error) return { ...NOTHING, error: error.message };
  const findings = data?.node?.__typename === 'DatasetCheck' ? data.node.findings : undefined;
  if (!findings) {
    return fetching
      ? { ...NOTHING, isReading: true }
      : { ...NOTHING, error: 'The check is not there any more.' };
  }
  return { ...NOTHING, exclude: { checkId, codes }, count: findings.totalCount };
}
