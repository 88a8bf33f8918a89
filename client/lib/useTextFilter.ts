import { useDebouncedCallback } from '@mantine/hooks';
import { type ChangeEvent, useState } from 'react';

/**
 * A text box whose value ends up in the URL: typing is immediate, the question follows when it
 * pauses. A change from outside (back button, cleared filter) replaces what is in the box.
 */
export function useTextFilter(value: string | undefined, onChange: (text: string) => void) {
  const outside = value ?? '';
  // What this box met and what it sent last: both are its own doing while the URL follows.
  const [typed, setTyped] = useState({ text: outside, met: outside, sent: outside });
  const isOwn = outside === typed.met || outside === typed.sent;
  const send = useDebouncedCallback((text: string) => {
    setTyped((before) => ({ ...before, met: before.sent, sent: text }));
    onChange(text);
  }, 300);
  return {
    value: isOwn ? typed.text : outside,
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const text = event.currentTarget.value;
      setTyped(isOwn ? { ...typed, text } : { text, met: outside, sent: outside });
      send(text);
    },
  };
}
