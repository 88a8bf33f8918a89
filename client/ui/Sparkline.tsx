import css from './Sparkline.module.css';

const WIDTH = 72;
const HEIGHT = 20;

/** The course of a series in a line of text; gaps are left out. `label` says what it shows. */
export function Sparkline(props: { values: readonly (number | null)[]; label: string }) {
  const values = props.values.filter((value) => value !== null);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - ((value - low) / (high - low || 1)) * (HEIGHT - 4);
  const points = values.map((value, index) => `${x(index)},${y(value).toFixed(1)}`);
  return (
    <svg
      className={css.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={props.label}
    >
      <title>{props.label}</title>
      {points.length > 1 && <polyline points={points.join(' ')} />}
      {points.length === 1 && <circle cx={2} cy={HEIGHT / 2} r={1.5} />}
    </svg>
  );
}
