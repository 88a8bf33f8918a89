import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../lib/format.ts';
import { type FilterKey, type FilterUrl, traceWords } from '../lib/traceFilter.ts';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import css from './FacetPanel.module.css';

type FacetValue = { value: string; count: number };
export type TraceFacets = {
  sources: readonly FacetValue[];
  tags: readonly FacetValue[];
  versions: readonly FacetValue[];
  steps: readonly FacetValue[];
  /** How many were counted, and whether these are all that match. */
  counted?: number;
  exact?: boolean;
};

const SHORT = 7;

/** A bucket as the range that asks for it: `3-5` is `3..5`. */
const rangeOf = (bucket: string) => bucket.replace('-', '..');

function FacetGroup(props: {
  name: string;
  facet: FilterKey;
  values: readonly FacetValue[];
  url: FilterUrl;
  onChange: (next: FilterUrl) => void;
}) {
  const { values, facet, url } = props;
  const [isLong, setLong] = useState(false);
  if (values.length === 0) return null;
  const most = Math.max(...values.map(({ count }) => count), 1);
  const shown = isLong ? values : values.slice(0, SHORT);
  return (
    <fieldset className={css.group} data-testid={`facet-${facet}`}>
      <legend className={css.name}>{props.name}</legend>
      <ul className={css.list}>
        {shown.map(({ value, count }) => {
          const condition = { key: facet, value: facet === 'steps' ? rangeOf(value) : value };
          const isOn = traceWords.hasCondition(url, condition);
          const change = isOn ? traceWords.withoutCondition : traceWords.withCondition;
          return (
            <li key={value}>
              <button
                type="button"
                className={css.value}
                aria-pressed={isOn}
                onClick={() => props.onChange(change(url, condition))}
              >
                <span className={css.bar} style={{ width: `${(count / most) * 60}%` }} />
                {isOn && <Icon name="check" size={12} />}
                <span className={css.text} title={value}>
                  {value}
                </span>
                <span className={css.count}>{formatCount(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > SHORT && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setLong(!isLong)}>
          {isLong ? 'Fewer' : `${values.length - SHORT} more`}
        </Button>
      )}
    </fieldset>
  );
}

/** What there is under the present filter, with counts; a click narrows it down. */
export function FacetPanel(props: {
  facets: TraceFacets | undefined;
  url: FilterUrl;
  onChange: (next: FilterUrl) => void;
}) {
  const { facets, url, onChange } = props;
  if (!facets) return <LoadingRows rows={8} />;
  const common = { url, onChange };
  return (
    <div className={css.panel} data-testid="facets">
      <FacetGroup name="Source" facet="source" values={facets.sources} {...common} />
      <FacetGroup name="Tag" facet="tag" values={facets.tags} {...common} />
      <FacetGroup name="Format" facet="version" values={facets.versions} {...common} />
      <FacetGroup name="Steps" facet="steps" values={facets.steps} {...common} />
      {facets.exact === false && facets.counted !== undefined && (
        <p className={css.note}>
          Counted over the newest {formatCount(facets.counted)} that match.
        </p>
      )}
    </div>
  );
}
