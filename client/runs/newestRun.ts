/** The highest run number heard of, so that a list can say that it has become old. */
const listeners = new Set<() => void>();
let newest = 0;

export const newestRun = {
  get: () => newest,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  heard: (number: number) => {
    if (number <= newest) return;
    newest = number;
    for (const listener of listeners) listener();
  },
};
