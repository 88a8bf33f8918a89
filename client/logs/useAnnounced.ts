import { useEffect, useState } from 'react';
import { plural } from '../lib/format.ts';
import type { LogStore } from './logStore.ts';

const EVERY_MS = 5_000;

/** What a screen reader is told of new lines: how many, at most every five seconds. */
export function useAnnounced(store: LogStore): string {
  const [text, setText] = useState('');
  useEffect(() => {
    let told = store.lastSeq;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const fresh = store.lastSeq - told;
      told = store.lastSeq;
      if (fresh > 0) setText(`${plural(fresh, 'new line')}, ${store.lastSeq} in all`);
    };
    const unsubscribe = store.subscribe(() => {
      timer ??= setTimeout(tell, EVERY_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store]);
  return text;
}
