import { useComputedColorScheme } from '@mantine/core';
import { plural } from '../lib/format.ts';
import { MARKER_LOOKS, type Marker } from './chartMarks.ts';
import css from './MetricChart.module.css';

const dashOf = (dash: readonly number[]) =>
  dash.length === 0 ? 'solid' : (dash[0] ?? 0) < 2 ? 'dotted' : 'dashed';

/** What the verticals of the charts are, with how many there are. */
export function MarkerLegend(props: { markers: readonly Marker[] }) {
  const scheme = useComputedColorScheme('light');
  const groups = Map.groupBy(props.markers, ({ kind }) => kind);
  return (
    <div className={css.legend}>
      {[...groups].map(([kind, { length }]) => (
        <span key={kind} className={css.marker}>
          <span
            className={css.sign}
            style={{
              borderLeftColor: MARKER_LOOKS[kind][scheme],
              borderLeftStyle: dashOf(MARKER_LOOKS[kind].dash),
            }}
          />
          {plural(length, MARKER_LOOKS[kind].word)}
        </span>
      ))}
    </div>
  );
}
