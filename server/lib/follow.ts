import { cancellable } from './cancellable.ts';

type Ear = Disposable & { heard(signal: AbortSignal): Promise<void> };

type Seen<T> = {
  value: T;
  /** Differs whenever the value is worth telling again. */
  state: string;
  isOver: boolean;
};

/**
 * Follows one thing: its value now, then each time its state is another one, until it is over. Ends
 * at once when there is no such thing (null). It listens before it looks, so that nothing slips
 * between.
 */
export const followState = <T>(listen: () => Ear, look: () => Promise<Seen<T> | null>) =>
  cancellable<T>(async function* (signal) {
    using ear = listen();
    let told: string | null = null;
    while (!signal.aborted) {
      const seen = await look();
      if (!seen) return;
      if (seen.state !== told) {
        told = seen.state;
        yield seen.value;
      }
      if (seen.isOver) return;
      await ear.heard(signal);
    }
  });
