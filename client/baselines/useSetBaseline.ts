import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import {
  POLICY_FIELDS,
  type PolicyField,
  type PolicyForm,
  policyFaults,
  toPolicy,
} from './policyForm.ts';

const UseSetBaseline_Set = graphql(`
  mutation UseSetBaseline_Set($input: SetBaselineInput!) {
    setBaseline(input: $input) {
      __typename
      ... on SetBaselinePayload {
        baseline {
          id
          name
          revision
        }
      }
      ...Problem_Error
    }
  }
`);

const FIELDS = [...POLICY_FIELDS, 'name', 'note'] as const;
type Field = PolicyField | 'name' | 'note';

/** Saves a revision; what is wrong with it stands at its field, or in `rest`. */
export function useSetBaseline() {
  const [{ fetching }, set] = useMutation(UseSetBaseline_Set);
  const [problem, setProblem] = useState<Problem>();
  const [faults, setFaults] = useState<Partial<Record<Field, string>>>({});

  async function save(draft: {
    name: string;
    evaluationId: string;
    policy: PolicyForm;
    note: string;
  }): Promise<boolean> {
    const found = policyFaults(draft.policy);
    setFaults(found);
    setProblem(undefined);
    if (Object.keys(found).length > 0) return false;
    const { data, error } = await set({
      input: {
        ...toPolicy(draft.policy),
        name: draft.name.trim(),
        evaluationId: draft.evaluationId,
        note: draft.note.trim() || undefined,
      },
    });
    if (error) tellFailure(error);
    const answer = data?.setBaseline;
    if (answer?.__typename === 'SetBaselinePayload') {
      tellDone(`Baseline ${answer.baseline.name} is now revision ${answer.baseline.revision}`);
      return true;
    }
    if (answer) setProblem(readProblem(answer));
    return false;
  }

  const placed = problem ? issuesByField<Field>(problem, FIELDS) : { byField: {}, rest: [] };
  const errors: Partial<Record<Field, string>> = { ...faults, ...placed.byField };
  return { save, isSaving: fetching, errors, rest: placed.rest };
}
