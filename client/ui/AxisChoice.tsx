import { SegmentedControl } from '@mantine/core';

/** What the charts of a page have as their x axis. */
export function AxisChoice(props: { value: string; onChange: (axis: string) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="X axis"
      value={props.value}
      onChange={props.onChange}
      data={[
        { value: 'step', label: 'By step' },
        { value: 'wall', label: 'By time' },
      ]}
    />
  );
}
