import { useDebouncedCallback } from '@mantine/hooks';
import { type ChangeEvent, useState } from 'react';

/**
 * Text that ends up in the URL: typing is immediate, the question follows when it pauses. A change
 * from outside (back button, cleared filter) replaces what is typed. `keep` says which part of what
 * is typed goes into the URL.
 */
export function useTextDraft(
  value: string | undefined,
  onChange: (typed: string) => void,
  keep: (typed: string) => string = (typed) => typed,
) {
  const outside = value ?? '';
  // What this box met and what it sent last: both are its own doing while the URL follows.
  const [typed, setTyped] = useState({ text: outside, met: outside, sent: outside });
  const isOwn = outside === typed.met || outside === typed.sent;
  const tell = (text: string) => {
    setTyped((before) => ({ ...before, met: before.sent, sent: keep(text) }));
    onChange(text);
  };
  const tellLater = useDebouncedCallback(tell, 300);
  const type = (text: string) =>
    setTyped(isOwn ? { ...typed, text } : { text, met: outside, sent: outside });
  return {
    value: isOwn ? typed.text : outside,
    onType: (text: string) => {
      type(text);
      tellLater(text);
    },
    /** Puts something else into the box and says so at once. */
    replace: (text: string) => {
      tellLater.cancel();
      setTyped({ text, met: outside, sent: keep(text) });
      onChange(text);
    },
  };
}

/** A text box of which everything goes into the URL. */
export function useTextFilter(value: string | undefined, onChange: (text: string) => void) {
  const draft = useTextDraft(value, onChange);
  return {
    value: draft.value,
    onChange: (event: ChangeEvent<HTMLInputElement>) => draft.onType(event.currentTarget.value),
  };
}
