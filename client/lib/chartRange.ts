/** The x axis of charts, and the part of it that is shown. */

/** By training step, or by the seconds since the start. */
export type Axis = 'step' | 'wall';

export type Zoom = { from: number; to: number };

/** `10..50` of the URL; undefined for anything else. */
export function parseZoom(text: string | undefined): Zoom | undefined {
  const [, from, to] = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (from === undefined || to === undefined || Number(from) >= Number(to)) return undefined;
  return { from: Number(from), to: Number(to) };
}

/** A zoom as the URL has it, with three digits: a hair of a pixel. */
export const zoomWord = ({ from, to }: Zoom): string =>
  `${Number(Math.max(0, from).toFixed(3))}..${Number(to.toFixed(3))}`;
