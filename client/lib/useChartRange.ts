import { type Axis, parseZoom, type Zoom, zoomWord } from './chartRange.ts';
import { useUrlState } from './url.ts';

export type ChartRange = {
  axis: Axis;
  zoom: Zoom | undefined;
  setAxis: (axis: string) => void;
  setZoom: (zoom: Zoom | undefined) => void;
};

/** Axis and zoom of all charts of a page, kept in its URL. */
export function useChartRange(): ChartRange {
  const [url, setUrl] = useUrlState('axis', 'zoom');
  return {
    axis: url.axis === 'wall' ? 'wall' : 'step',
    zoom: parseZoom(url.zoom),
    // A stretch of steps is no stretch of time.
    setAxis: (axis) => setUrl({ axis: axis === 'wall' ? axis : undefined, zoom: undefined }),
    setZoom: (zoom) => setUrl({ zoom: zoom && zoomWord(zoom) }),
  };
}
