import css from './Whisker.module.css';

const WIDTH = 200;
const MIDDLE = WIDTH / 2;

/** A difference with its interval around zero. `words` says the same, with numbers. */
export function DeltaInterval(props: { delta: number; low: number; high: number; words: string }) {
  const { delta, low, high, words } = props;
  // The widest end takes nine tenths of its half; an interval of nothing still has a scale.
  const widest = Math.max(Math.abs(low), Math.abs(high), Math.abs(delta), Number.EPSILON);
  const x = (value: number) => MIDDLE + (value / widest) * MIDDLE * 0.9;
  return (
    <svg className={css.delta} viewBox={`0 0 ${WIDTH} 26`} role="img" aria-label={words}>
      <title>{words}</title>
      <line className={css.axis} x1={0} x2={WIDTH} y1={13} y2={13} />
      <line className={css.zero} x1={MIDDLE} x2={MIDDLE} y1={2} y2={24} />
      <line className={css.range} x1={x(low)} x2={x(high)} y1={13} y2={13} />
      <line className={css.range} x1={x(low)} x2={x(low)} y1={8} y2={18} />
      <line className={css.range} x1={x(high)} x2={x(high)} y1={8} y2={18} />
      <circle className={css.value} cx={x(delta)} cy={13} r={4} />
    </svg>
  );
}
