import { type Axis, parseAxis, parseZoom, type Zoom, zoomWord } from './chartRange.ts';
import { useUrlState } from './url.ts';

export type ChartRange = {
  axis: Axis;
  /** Those there are to choose from. */
  axes: readonly Axis[];
  zoom: Zoom | undefined;
  setAxis: (axis: Axis) => void;
  setZoom: (zoom: Zoom | undefined) => void;
};

/** Axis and zoom of all charts of a page, kept in its URL. Older runs did not count their tokens. */
export function useChartRange({ hasTokens }: { hasTokens: boolean }): ChartRange {
  const [url, setUrl] = useUrlState('axis', 'zoom');
  const axes: readonly Axis[] = hasTokens ? ['step', 'wall', 'tokens'] : ['step', 'wall'];
  const wanted = parseAxis(url.axis);
  const isThere = axes.includes(wanted);
  return {
    axis: isThere ? wanted : 'step',
    axes,
    zoom: isThere ? parseZoom(url.zoom) : undefined,
    // A stretch of steps is no stretch of time.
    setAxis: (axis) => setUrl({ axis: axis === 'step' ? undefined : axis, zoom: undefined }),
    setZoom: (zoom) => setUrl({ zoom: zoom && zoomWord(zoom) }),
  };
}
