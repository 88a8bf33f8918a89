import { useState } from 'react';

export type Selection = {
  ids: ReadonlySet<string>;
  select: (ids: readonly string[], isOn: boolean) => void;
  clear: () => void;
};

/** Which rows of a list are selected, by their ids. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    ids,
    select: (changed, isOn) =>
      setIds((before) => {
        const next = new Set(before);
        for (const id of changed) {
          if (isOn) next.add(id);
          else next.delete(id);
        }
        return next;
      }),
    clear: () => setIds(new Set()),
  };
}
