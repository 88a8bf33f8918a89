import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { parseSmoothing } from './smoothing.ts';
import { useUrlState } from './url.ts';

/** Browsers refuse to change the URL as often as a slider moves. */
const URL_DELAY_MS = 200;

/** How much all charts of a page are smoothed, kept in its URL; what is dragged is shown at once. */
export function useSmoothing() {
  const [url, setUrl] = useUrlState('smooth');
  const [dragged, setDragged] = useState<number>();
  const keep = useDebouncedCallback(
    (weight: number) => setUrl({ smooth: weight > 0 ? String(weight) : undefined }),
    URL_DELAY_MS,
  );
  const setWeight = (weight: number) => {
    setDragged(weight);
    keep(weight);
  };
  return [dragged ?? parseSmoothing(url.smooth), setWeight] as const;
}
