import { SegmentedControl } from '@mantine/core';
import { AXIS_WORDS, type Axis } from '../lib/chartRange.ts';

/** What the charts of a page have as their x axis. */
export function AxisChoice(props: {
  value: Axis;
  axes: readonly Axis[];
  onChange: (axis: Axis) => void;
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="X axis"
      value={props.value}
      onChange={props.onChange}
      data={props.axes.map((axis) => ({ value: axis, label: `By ${AXIS_WORDS[axis]}` }))}
    />
  );
}
