/**
 * Where a reader is in a list of any length, and what that is in pixels.
 *
 * Browsers cap the height of an element (16.7 million pixels in Chromium), so what scrolls cannot
 * be as high as a million rows are. The reader's place is therefore a row and pixels into it: small
 * moves go by exactly so many pixels, great ones (the thumb) by the share of the whole.
 */

/** The row at the upper edge, and how many of its pixels are above that edge. */
export type Place = { row: number; into: number };

export type Shape = {
  /** Rows there are. */
  count: number;
  /** Pixels that are seen at once. */
  height: number;
  /** Pixels of a row as far as is known: what the whole is reckoned by. */
  mean: number;
  /** Pixels of one row; `mean` where it was never drawn. */
  of: (row: number) => number;
};

/** Below what any browser allows, and few enough that a place has no rounding error. */
export const MOST_PIXELS = 4_000_000;

/** A move over more windows than this is no wheel and no finger. */
const WINDOWS_OF_A_JUMP = 4;

const START: Place = { row: 0, into: 0 };

/** Pixels of what scrolls. */
export const canvasHeight = (shape: Shape): number =>
  Math.min(MOST_PIXELS, Math.max(shape.height, Math.ceil(shape.count * shape.mean)));

const scrollRange = (shape: Shape) => Math.max(0, canvasHeight(shape) - shape.height);

/** The place at which the last row stands at the lower edge; the start when all fits. */
export function endPlace(shape: Shape): Place {
  let left = shape.height;
  for (let row = shape.count - 1; row >= 0; row--) {
    left -= shape.of(row);
    if (left <= 0) return { row, into: 0 - left };
  }
  return START;
}

const isBefore = (a: Place, b: Place) => a.row < b.row || (a.row === b.row && a.into < b.into);

function clamp(place: Place, shape: Shape): Place {
  if (place.row < 0 || isBefore(place, START)) return START;
  const end = endPlace(shape);
  return isBefore(end, place) ? end : place;
}

/** The place `pixels` further down, or up when negative; stops at both ends. */
export function moveBy(place: Place, pixels: number, shape: Shape): Place {
  let { row } = place;
  let into = place.into + pixels;
  while (into < 0 && row > 0) {
    row -= 1;
    into += shape.of(row);
  }
  while (row < shape.count - 1 && into >= shape.of(row)) {
    into -= shape.of(row);
    row += 1;
  }
  return clamp({ row, into }, shape);
}

/** The place at which a row stands at the upper edge, in the middle, or just inside. */
export function placeOfRow(
  row: number,
  align: 'start' | 'center' | 'nearest',
  place: Place,
  shape: Shape,
): Place {
  const at = { row: Math.min(Math.max(0, row), Math.max(0, shape.count - 1)), into: 0 };
  const free = shape.height - shape.of(at.row);
  if (align === 'start') return clamp(at, shape);
  if (align === 'center') return moveBy(at, -Math.round(free / 2), shape);
  if (isBefore(at, place)) return clamp(at, shape);
  const lowest = moveBy(at, -free, shape);
  return isBefore(place, lowest) ? lowest : place;
}

/** The place that belongs to a position of the scrollbar. */
export function placeAt(scrollTop: number, shape: Shape): Place {
  const range = scrollRange(shape);
  if (range === 0 || scrollTop <= 0) return START;
  if (scrollTop >= range) return endPlace(shape);
  const pixels = (scrollTop / range) * (shape.count * shape.mean - shape.height);
  const row = Math.min(Math.floor(pixels / shape.mean), shape.count - 1);
  const share = pixels / shape.mean - row;
  return clamp({ row, into: Math.floor(share * shape.of(row)) }, shape);
}

/** The position of the scrollbar that belongs to a place. */
export function scrollTopOf(place: Place, shape: Shape): number {
  const range = scrollRange(shape);
  if (!isBefore(place, endPlace(shape))) return range;
  const pixels = (place.row + place.into / shape.of(place.row)) * shape.mean;
  const all = shape.count * shape.mean - shape.height;
  // Whole pixels, and never the very end unless it is the end: browsers round to either side.
  return all <= 0 ? 0 : Math.min(Math.round((pixels / all) * range), Math.max(0, range - 1));
}

/** Where the reader is after the browser has scrolled from `before` to `after`. */
export function afterScroll(place: Place, before: number, after: number, shape: Shape): Place {
  const by = after - before;
  if (Math.abs(by) > WINDOWS_OF_A_JUMP * shape.height) return placeAt(after, shape);
  const moved = moveBy(place, by, shape);
  // At an edge of the scrollbar and nearly at that of the list: they are the same edge.
  const near = 2 * shape.height;
  if (after <= 0 && !isBefore(moveBy(START, near, shape), moved)) return START;
  const end = endPlace(shape);
  if (after >= scrollRange(shape) && isBefore(moveBy(end, -near, shape), moved)) return end;
  return moved;
}

/** Whether the scrollbar is at an edge that the list has not reached. */
export function isStuck(place: Place, scrollTop: number, shape: Shape): boolean {
  if (scrollTop <= 0) return isBefore(START, place);
  return scrollTop >= scrollRange(shape) && isBefore(place, endPlace(shape));
}

export const isAtEnd = (place: Place, shape: Shape): boolean =>
  !isBefore(place, moveBy(endPlace(shape), -4, shape));

/**
 * The rows to draw: those in sight and `margin` more on both sides. The edges go by steps, so that
 * most scrolling draws nothing new.
 */
export function rowsToDraw(
  place: Place,
  shape: Shape,
  margin = 32,
  step = 16,
): { first: number; end: number } {
  let row = place.row;
  for (let seen = -place.into; row < shape.count && seen < shape.height; row++)
    seen += shape.of(row);
  const first = Math.floor(Math.max(0, place.row - margin) / step) * step;
  const end = Math.min(shape.count, Math.ceil((row + margin) / step) * step);
  return { first, end };
}

/** Pixels from the first drawn row to the upper edge of what is seen. */
export function pixelsAbove(first: number, place: Place, shape: Shape): number {
  let pixels = place.into;
  for (let row = first; row < place.row; row++) pixels += shape.of(row);
  for (let row = place.row; row < first; row++) pixels -= shape.of(row);
  return pixels;
}
