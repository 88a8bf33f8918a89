import { Button, CloseButton } from '@mantine/core';
import {
  type Condition,
  conditionsOf,
  type FilterKey,
  type FilterUrl,
  withoutCondition,
} from '../lib/traceFilter.ts';
import css from './FilterTokens.module.css';

const NAMES: Record<FilterKey, string> = {
  text: 'text',
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
const shown = ({ key, value }: Condition) =>
  key === 'importId' && value.length > 12 ? `…${value.slice(-8)}` : value;

/** Every condition but the text, each with its own way out. */
export function FilterTokens(props: { url: FilterUrl; onChange: (next: FilterUrl) => void }) {
  const conditions = conditionsOf(props.url);
  if (conditions.length === 0) return null;
  return (
    <div className={css.tokens} data-testid="filter-tokens">
      {conditions.map((condition) => (
        <span
          key={`${condition.key}:${condition.value}`}
          className={css.token}
          data-fault={condition.fault ? true : undefined}
          data-testid="filter-token"
        >
          <span className={css.key}>{NAMES[condition.key]}</span>
          <span className={css.value} title={condition.value}>
            {shown(condition)}
          </span>
          {condition.fault && <span className={css.fault}>{condition.fault}</span>}
          <CloseButton
            size="xs"
            radius="xl"
            aria-label={`Remove ${NAMES[condition.key]} ${condition.value}`}
            onClick={() => props.onChange(withoutCondition(props.url, condition))}
          />
        </span>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => props.onChange({ text: props.url.text })}
      >
        Clear all
      </Button>
    </div>
  );
}
