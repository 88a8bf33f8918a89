import { CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import type { Ref } from 'react';
import type { Condition, FilterWords, Words } from '../lib/filterWords.ts';
import { useTextDraft } from '../lib/useTextFilter.ts';
import { Icon } from './Icon.tsx';

type Suggestion = { value: string; label: string; hint: string };

/** Known values by what is typed before the colon. */
export type KnownValues = Readonly<
  Partial<Record<string, readonly { value: string; count?: number }[]>>
>;

const quoted = (value: string) => (/\s/.test(value) ? `"${value}"` : value);

/** What could follow: names of filters for the last word, values for a token that is begun. */
function suggest(
  typed: string,
  words: Pick<FilterWords<string>, 'parseQuery' | 'typedKeys'>,
  known: KnownValues,
): Suggestion[] {
  const { draft } = words.parseQuery(typed);
  if (draft === undefined) {
    const word = /(?:^|\s)([a-zA-Z]{2,})$/.exec(typed)?.[1]?.toLowerCase();
    if (!word) return [];
    return words.typedKeys
      .filter((key) => key.startsWith(word))
      .map((key) => ({
        value: `${key}:`,
        label: `${key}:`,
        hint: 'filter',
      }));
  }
  const [key = '', begun = ''] = draft.split(/:(.*)/s);
  const search = begun.replaceAll('"', '').toLowerCase();
  return (known[key] ?? [])
    .filter(({ value }) => value.toLowerCase().includes(search))
    .slice(0, 8)
    .map(({ value, count }) => ({
      value: `${key}:${quoted(value)} `,
      label: value,
      hint: count === undefined ? '' : String(count),
    }));
}

/** Free text and tokens in one box: `carry tag:hard steps:2..8`. */
export function QueryBox<Key extends string>(props: {
  words: FilterWords<Key>;
  url: Words<Key>;
  onChange: (next: Words<Key>, step: boolean) => void;
  known: KnownValues;
  label: string;
  placeholder: string;
  testId: string;
  inputRef?: Ref<HTMLInputElement>;
}) {
  const { url, words } = props;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });

  function tell(text: string, conditions: readonly Condition<Key>[]) {
    const before = url.text ?? '';
    if (text === before && conditions.length === 0) return;
    const next = conditions.reduce<Words<Key>>(words.withCondition, {
      ...url,
      text: text || undefined,
    });
    // Each pause while a word is typed is no place to go back to.
    props.onChange(next, conditions.length > 0 || before === '' || text === '');
  }

  const box = useTextDraft(
    url.text,
    (typed) => tell(words.parseQuery(typed).text, []),
    (typed) => words.parseQuery(typed).text,
  );

  /** Takes the tokens that are complete out of the box. */
  function take(typed: string, whole: boolean) {
    const { text, conditions, draft } = words.parseQuery(typed, whole);
    if (conditions.length === 0) return false;
    box.replace([text, draft].filter(Boolean).join(' '));
    tell(text, conditions);
    return true;
  }

  const suggestions = suggest(box.value, words, props.known);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(value) => {
        const typed = box.value.replace(/(?:[^\s"]|"[^"]*"?)+$/, '') + value;
        if (!take(typed, false)) box.onType(typed);
      }}
    >
      <Combobox.Target>
        <TextInput
          ref={props.inputRef}
          aria-label={props.label}
          placeholder={props.placeholder}
          leftSection={<Icon name="search" size={14} />}
          rightSection={
            box.value && (
              <CloseButton
                size={24}
                iconSize={14}
                aria-label="Clear the text"
                onClick={() => {
                  box.replace('');
                  tell('', []);
                }}
              />
            )
          }
          value={box.value}
          data-testid={props.testId}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            combobox.openDropdown();
            combobox.resetSelectedOption();
            if (!take(typed, false)) box.onType(typed);
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key !== 'Enter' || combobox.getSelectedOptionIndex() >= 0) return;
            if (!take(box.value, true)) tell(words.parseQuery(box.value, true).text, []);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={suggestions.length === 0}>
        <Combobox.Options aria-label="Suggestions">
          {suggestions.map((suggestion) => (
            <Combobox.Option key={suggestion.value} value={suggestion.value}>
              {suggestion.label}{' '}
              <span style={{ color: 'var(--mantine-color-dimmed)' }}>{suggestion.hint}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
