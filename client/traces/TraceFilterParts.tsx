/** The search box and the tokens of a filter of traces, for every page that has one. */
import type { Ref } from 'react';
import type { Condition } from '../lib/filterWords.ts';
import { type FilterKey, type FilterUrl, traceWords } from '../lib/traceFilter.ts';
import { FilterTokens } from '../ui/FilterTokens.tsx';
import { QueryBox } from '../ui/QueryBox.tsx';
import type { TraceFacets } from './FacetPanel.tsx';

const NAMES: Record<FilterKey, string> = {
  source: 'source',
  tag: 'tag',
  version: 'format',
  steps: 'steps',
  chars: 'characters',
  score: 'score',
  after: 'added from',
  before: 'added before',
  dataset: 'in dataset',
  split: 'on side',
  importId: 'import',
  meta: 'meta',
};

/** An import has no handle that people know. */
const shown = ({ key, value }: Condition<FilterKey>) =>
  key === 'importId' && value.length > 12 ? `…${value.slice(-8)}` : value;

export function TraceQueryBox(props: {
  url: FilterUrl;
  onChange: (next: FilterUrl, step: boolean) => void;
  facets: TraceFacets | undefined;
  inputRef?: Ref<HTMLInputElement>;
}) {
  const { facets } = props;
  return (
    <QueryBox
      words={traceWords}
      url={props.url}
      onChange={props.onChange}
      known={{ source: facets?.sources, tag: facets?.tags, version: facets?.versions }}
      label="Search traces"
      placeholder="Search prompts, steps and answers, or tag:…"
      testId="trace-search"
      inputRef={props.inputRef}
    />
  );
}

export function TraceFilterTokens(props: { url: FilterUrl; onChange: (next: FilterUrl) => void }) {
  return <FilterTokens words={traceWords} names={NAMES} shown={shown} {...props} />;
}
