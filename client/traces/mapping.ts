/** The mapping of an import while it is edited: no field chosen means that part is left out. */
import type { TraceMappingInput } from '../gql/graphql.ts';

export const MAPPED_PARTS = [
  { part: 'prompt', label: 'Prompt', needed: true },
  { part: 'finalAnswer', label: 'Final answer', needed: true },
  { part: 'steps', label: 'Steps', needed: false },
  { part: 'traceVersion', label: 'Format version', needed: false },
] as const;

export type MappedPart = (typeof MAPPED_PARTS)[number]['part'];

/** The input of the API: nothing but what is chosen; undefined when nothing is. */
export function toMapping(draft: TraceMappingInput): TraceMappingInput | undefined {
  const chosen = MAPPED_PARTS.flatMap(({ part }) => (draft[part] ? [[part, draft[part]]] : []));
  const meta = draft.meta?.length ? { meta: [...draft.meta] } : {};
  const mapping: TraceMappingInput = { ...Object.fromEntries(chosen), ...meta };
  return Object.keys(mapping).length > 0 ? mapping : undefined;
}

/** What a mapping still lacks, as a sentence. */
export function missingOf(draft: TraceMappingInput): string | undefined {
  const missing = MAPPED_PARTS.filter(({ part, needed }) => needed && !draft[part]);
  if (missing.length === 0) return undefined;
  return `Choose the field of the ${missing.map(({ label }) => label.toLowerCase()).join(' and the ')}.`;
}

/** A field that is a part of the trace is no metadata. */
export function withPart(
  draft: TraceMappingInput,
  part: MappedPart,
  field: string | null,
): TraceMappingInput {
  const meta = draft.meta?.filter((name) => name !== field) ?? [];
  return { ...draft, [part]: field ?? undefined, meta };
}
