import { MOST_SMOOTHING } from '../lib/smoothing.ts';
import css from './SmoothingSlider.module.css';

/** How much of a curve's noise is averaged out; `onEnd` comes once a drag or a key is let go. */
export function SmoothingSlider(props: {
  value: number;
  onChange: (weight: number) => void;
  onEnd: (weight: number) => void;
}) {
  const end = () => props.onEnd(props.value);
  return (
    <label className={css.slider}>
      Smoothing
      <input
        type="range"
        min={0}
        max={MOST_SMOOTHING}
        step={0.01}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.valueAsNumber)}
        onPointerUp={end}
        onKeyUp={end}
      />
      <span className={css.value}>{props.value > 0 ? props.value : 'off'}</span>
    </label>
  );
}
