/** The x axis of charts, and the part of it that is shown. */
import { formatCount, formatDuration } from './format.ts';

/** By training step, by the seconds since the start, or by the tokens that were trained on. */
export type Axis = 'step' | 'wall' | 'tokens';

export const AXIS_WORDS: Readonly<Record<Axis, string>> = {
  step: 'step',
  wall: 'time',
  tokens: 'tokens',
};

/** The axis of the URL; steps for anything else. */
export const parseAxis = (text: string | undefined): Axis =>
  text === 'wall' || text === 'tokens' ? text : 'step';

/** A place on an axis in words. */
export const placeWord = (axis: Axis, at: number): string =>
  axis === 'wall' ? formatDuration(at) : formatCount(at);

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
