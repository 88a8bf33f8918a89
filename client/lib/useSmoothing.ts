import { useState } from 'react';
import { parseSmoothing } from './smoothing.ts';
import { useUrlState } from './url.ts';

/**
 * How much all charts of a page are smoothed, kept in its URL: `[weight, drag, drop]`. What is dragged
 * is shown at once and only its end is put into the URL: browsers refuse a hundred changes a second.
 */
export function useSmoothing() {
  const [url, setUrl] = useUrlState('smooth');
  const [dragged, drag] = useState<number>();
  const drop = (weight: number) => setUrl({ smooth: weight > 0 ? String(weight) : undefined });
  return [dragged ?? parseSmoothing(url.smooth), drag, drop] as const;
}
