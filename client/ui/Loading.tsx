import css from './Loading.module.css';
import { Spoken } from './Spoken.tsx';

const Bar = (props: { height: number; width?: number | string }) => (
  <div className={css.bar} style={{ height: props.height, width: props.width }} />
);

/** Bars where rows will be, so that nothing jumps when they come. */
export function LoadingRows(props: { rows?: number; height?: number }) {
  return (
    <div className={css.rows} role="status">
      <Spoken>Loading</Spoken>
      {Array.from({ length: props.rows ?? 6 }, (_, row) => (
        <Bar key={row} height={props.height ?? 18} width={`${96 - ((row * 17) % 30)}%`} />
      ))}
    </div>
  );
}

export function LoadingPage() {
  return (
    <div className={css.page} role="status">
      <Spoken>Loading</Spoken>
      <Bar height={26} width={220} />
      <Bar height={120} />
      <Bar height={260} />
    </div>
  );
}
