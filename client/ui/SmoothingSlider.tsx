import { MOST_SMOOTHING } from '../lib/smoothing.ts';
import css from './SmoothingSlider.module.css';

/** How much of the noise of curves is averaged out. */
export function SmoothingSlider(props: { value: number; onChange: (weight: number) => void }) {
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
      />
      <span className={css.value}>{props.value > 0 ? props.value : 'off'}</span>
    </label>
  );
}
