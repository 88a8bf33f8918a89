import { type SyntheticEvent, useState } from 'react';

/**
 * A form that asks the server: whether it is asking, what went wrong last, and what its `onSubmit` is.
 * `ask` rejects with the fault, told as `words` has it; the form stays as it was.
 */
export function useAsking(
  ask: () => Promise<void>,
  words: (error: unknown) => string = (error) => (error as Error).message,
) {
  const [fault, setFault] = useState<string>();
  const [isAsking, setAsking] = useState(false);

  async function submit() {
    setAsking(true);
    setFault(undefined);
    try {
      await ask();
    } catch (error) {
      setFault(words(error));
    } finally {
      setAsking(false);
    }
  }

  return {
    fault,
    isAsking,
    onSubmit: (event: SyntheticEvent) => {
      event.preventDefault();
      void submit();
    },
  };
}
