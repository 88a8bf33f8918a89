import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure, tellProblem } from '../lib/tell.ts';

const TagTraces = graphql(`
  mutation TagTraces($input: TagTracesInput!) {
    tagTraces(input: $input) {
      __typename
      ... on TagTracesPayload {
        changed
        traces {
          id
          tags
        }
      }
      ...Problem_Error
    }
  }
`);

/** What the API takes at once. */
const AT_ONCE = 1000;

export type Tagging = { add?: readonly string[]; remove?: readonly string[] };
export type Tagged = { id: string; tags: readonly string[] };

/** Adds and removes tags of any number of traces; answers those it reached, and tells of problems. */
export function useTagTraces() {
  const [{ fetching }, tag] = useMutation(TagTraces);
  const tagTraces = async (ids: readonly string[], { add = [], remove = [] }: Tagging) => {
    const tagged: Tagged[] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const part = ids.slice(start, start + AT_ONCE);
      const { data, error } = await tag({
        input: { ids: part, add: [...add], remove: [...remove] },
      });
      if (error) tellFailure(error);
      else if (data?.tagTraces.__typename === 'TagTracesPayload') {
        tagged.push(...data.tagTraces.traces);
        continue;
      } else if (data) tellProblem(problemText(readProblem(data.tagTraces)), 'Not tagged');
      break;
    }
    return tagged;
  };
  return [fetching, tagTraces] as const;
}
