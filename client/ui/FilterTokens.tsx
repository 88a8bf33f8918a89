import { Button, CloseButton } from '@mantine/core';
import type { Condition, FilterWords, Words } from '../lib/filterWords.ts';
import css from './FilterTokens.module.css';

/** Every condition but the text, each with its own way out. */
export function FilterTokens<Key extends string>(props: {
  words: FilterWords<Key>;
  names: Readonly<Record<Key, string>>;
  url: Words<Key>;
  onChange: (next: Words<Key>) => void;
  /** A value as people know it. */
  shown?: (condition: Condition<Key>) => string;
}) {
  const { words, names, url, onChange, shown = ({ value }) => value } = props;
  const conditions = words.conditionsOf(url);
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
          <span className={css.key}>{names[condition.key]}</span>
          <span className={css.value} title={condition.value}>
            {shown(condition)}
          </span>
          {condition.fault && <span className={css.fault}>{condition.fault}</span>}
          <CloseButton
            size={24}
            iconSize={12}
            radius="xl"
            aria-label={`Remove ${names[condition.key]} ${condition.value}`}
            onClick={() => onChange(words.withoutCondition(url, condition))}
          />
        </span>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => onChange(words.cleared(url))}
      >
        Clear all
      </Button>
    </div>
  );
}
