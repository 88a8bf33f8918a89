/** The policy of a baseline as a form holds it: words, until it is sent. */
import type { OnInconclusive, SetBaselineInput, SliceKind } from '../gql/graphql.ts';
import { oneOf } from '../lib/url.ts';

export type FloorForm = { by: SliceKind; value: string; minimum: string };

export type PolicyForm = {
  metric: string;
  better: '' | 'lower' | 'higher';
  tolerance: string;
  alpha: string;
  onInconclusive: string;
  minItems: string;
  requiredJudge: string;
  floors: readonly FloorForm[];
};

export const POLICY_FIELDS = [
  'metric',
  'lowerIsBetter',
  'tolerance',
  'alpha',
  'onInconclusive',
  'minItems',
  'requiredJudge',
  'floors',
] as const;

export type PolicyField = (typeof POLICY_FIELDS)[number];

export const ON_INCONCLUSIVE: readonly OnInconclusive[] = ['PASS', 'WARN', 'FAIL'];

export const emptyPolicy: PolicyForm = {
  metric: '',
  better: '',
  tolerance: '',
  alpha: '',
  onInconclusive: '',
  minItems: '',
  requiredJudge: '',
  floors: [],
};

type StoredPolicy = {
  metric: string;
  lowerIsBetter: boolean;
  tolerance: number;
  alpha: number;
  onInconclusive: OnInconclusive;
  minItems: number;
  requiredJudge: string | null;
  floors: readonly { by: SliceKind; value: string; minimum: number }[];
};

/** A percentage without the noise of binary fractions. */
const percentText = (fraction: number) => String(Number((fraction * 100).toFixed(6)));

export const policyFormOf = (policy: StoredPolicy): PolicyForm => ({
  metric: policy.metric,
  better: policy.lowerIsBetter ? 'lower' : 'higher',
  tolerance: String(policy.tolerance),
  alpha: String(policy.alpha),
  onInconclusive: policy.onInconclusive,
  minItems: String(policy.minItems),
  requiredJudge: policy.requiredJudge ?? '',
  floors: policy.floors.map(({ by, value, minimum }) => ({
    by,
    value,
    minimum: percentText(minimum),
  })),
});

const orNothing = (text: string) => text.trim() || undefined;
const numberOf = (text: string) => (text.trim() === '' ? undefined : Number(text));

/** What the form cannot send; the rest is for the server to judge. */
export function policyFaults(form: PolicyForm): Partial<Record<PolicyField, string>> {
  const faults: Partial<Record<PolicyField, string>> = {};
  for (const field of ['tolerance', 'alpha', 'minItems'] as const) {
    if (form[field].trim() !== '' && !Number.isFinite(Number(form[field])))
      faults[field] = 'write a number';
  }
  const isWhole = ({ value, minimum }: FloorForm) =>
    value.trim() !== '' && minimum.trim() !== '' && Number.isFinite(Number(minimum));
  if (!form.floors.every(isWhole)) faults.floors = 'give each part a name and a percentage';
  return faults;
}

/** The policy as the API takes it. Floors are percentages in the form and fractions there. */
export function toPolicy(
  form: PolicyForm,
): Omit<SetBaselineInput, 'name' | 'evaluationId' | 'note'> {
  return {
    metric: orNothing(form.metric),
    lowerIsBetter: form.better === '' ? undefined : form.better === 'lower',
    tolerance: numberOf(form.tolerance),
    alpha: numberOf(form.alpha),
    onInconclusive: oneOf(ON_INCONCLUSIVE, form.onInconclusive),
    minItems: numberOf(form.minItems),
    requiredJudge: orNothing(form.requiredJudge),
    floors: form.floors.map(({ by, value, minimum }) => ({
      by,
      value: value.trim(),
      minimum: Number((Number(minimum) / 100).toFixed(8)),
    })),
  };
}
