import css from './Meter.module.css';
import type { Tone } from './Tag.tsx';

export function Meter(props: { percent: number; label: string; tone?: Tone }) {
  const percent = Math.min(100, Math.max(0, props.percent));
  return (
    <div
      className={css.track}
      role="progressbar"
      aria-label={props.label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className={css.fill} data-tone={props.tone} style={{ width: `${percent}%` }} />
    </div>
  );
}
