/** What the user is to be told, kept until the part of the UI that shows it has been loaded. */
export type NoticeText = { tone: 'good' | 'bad'; message: string; title?: string };

const listeners = new Set<() => void>();
let waiting: readonly NoticeText[] = [];

function set(next: readonly NoticeText[]) {
  waiting = next;
  for (const listener of listeners) listener();
}

export const notices = {
  get: () => waiting,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  add: (notice: NoticeText) => set([...waiting, notice]),
  take: (): readonly NoticeText[] => {
    const taken = waiting;
    if (taken.length > 0) set([]);
    return taken;
  },
};
