import { formatPercent } from '../lib/format.ts';
import css from './Whisker.module.css';

const WIDTH = 160;

/** A value from 0 to 1 with its interval. */
export function Whisker(props: { value: number; low: number; high: number; isSmall?: boolean }) {
  const x = (fraction: number) => Math.min(1, Math.max(0, fraction)) * WIDTH;
  const words = `${formatPercent(props.value)}, 95 % interval ${formatPercent(props.low)} to ${formatPercent(props.high)}`;
  return (
    <svg
      className={css.plot}
      data-small={props.isSmall || undefined}
      viewBox={`0 0 ${WIDTH} 18`}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <line className={css.axis} x1={0} x2={WIDTH} y1={9} y2={9} />
      <line className={css.range} x1={x(props.low)} x2={x(props.high)} y1={9} y2={9} />
      <line className={css.range} x1={x(props.low)} x2={x(props.low)} y1={4} y2={14} />
      <line className={css.range} x1={x(props.high)} x2={x(props.high)} y1={4} y2={14} />
      <circle className={css.value} cx={x(props.value)} cy={9} r={4} />
    </svg>
  );
}
