/**
 * Ties the reader's place to the elements that show it. The browser scrolls (wheel, finger, thumb,
 * sideways), this says which rows are to be drawn and puts them where the reader is.
 */
import {
  afterScroll,
  canvasHeight,
  endPlace,
  isAtEnd,
  isStuck,
  moveBy,
  type Place,
  pixelsAbove,
  placeOfRow,
  rowsToDraw,
  type Shape,
  scrollTopOf,
} from './viewport.ts';

const ROW_PIXELS = 20;
const IDLE_MS = 150;

/** What a component draws; a new object when it has to draw again. */
export type View = {
  first: number;
  /** After the last row to draw. */
  end: number;
  /** Whether new rows move the view. */
  following: boolean;
  /** How many lines there were when following ended. */
  seen: number;
};

type Elements = { box: HTMLElement; canvas: HTMLElement; layer: HTMLElement };
type Target = { row: number; align: 'start' | 'center' | 'nearest' };

export class Scroller {
  private view: View = { first: 0, end: 0, following: true, seen: 0 };
  private elements: Elements | undefined;
  private place: Place = { row: 0, into: 0 };
  private scrollTop = 0;
  private count = 0;
  private lines = 0;
  private prepended = 0;
  private height = 0;
  private width = 0;
  private wraps = false;
  private mean = ROW_PIXELS;
  private readonly heights = new Map<number, number>();
  /** Where somebody was sent: kept there while its rows come and get their heights. */
  private target: Target | undefined;
  private mustAlign = true;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.view;

  /** The row in the middle of what is seen. */
  get middle(): number {
    return moveBy(this.place, this.height / 2, this.shape()).row;
  }

  attach(elements: Elements): () => void {
    const { box } = elements;
    this.elements = elements;
    this.mustAlign = true;
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(box);
    const onScroll = () => this.scrolled();
    box.addEventListener('scroll', onScroll, { passive: true });
    this.resize();
    return () => {
      clearTimeout(this.idle);
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
      this.elements = undefined;
    };
  }

  /**
   * Rows there are; `prepended` of them were put before those that were there first. `lines` are
   * those that exist, here or not.
   */
  setRows(count: number, prepended: number, wraps: boolean, lines: number): void {
    const before = prepended - this.prepended;
    if (before !== 0) {
      this.place = { ...this.place, row: this.place.row + before };
      if (this.target) this.target = { ...this.target, row: this.target.row + before };
      this.heights.clear();
      this.mustAlign = true;
    }
    if (wraps !== this.wraps) {
      this.heights.clear();
      this.mean = ROW_PIXELS;
      this.mustAlign = true;
    }
    if (count !== this.count && this.view.following) this.mustAlign = true;
    this.count = count;
    this.lines = lines;
    this.prepended = prepended;
    this.wraps = wraps;
  }

  toRow(row: number, align: Target['align'] = 'center'): void {
    this.target = { row, align };
    this.mustAlign = true;
    this.place = placeOfRow(row, align, this.place, this.shape());
    this.setFollowing(false);
    this.show();
  }

  toEnd(): void {
    this.target = undefined;
    this.mustAlign = true;
    this.setFollowing(true);
    this.place = endPlace(this.shape());
    this.show();
  }

  /** Moves as the key says. Returns whether it was one of ours. */
  press(key: string): boolean {
    const page = Math.max(ROW_PIXELS, this.height - ROW_PIXELS);
    if (key === 'Home') this.toRow(0, 'start');
    else if (key === 'End') this.toEnd();
    else if (key === 'PageDown') this.move(page);
    else if (key === 'PageUp') this.move(-page);
    else if (key === 'ArrowDown') this.move(ROW_PIXELS);
    else if (key === 'ArrowUp') this.move(-ROW_PIXELS);
    else return false;
    return true;
  }

  private move(pixels: number): void {
    this.target = undefined;
    this.mustAlign = true;
    this.place = moveBy(this.place, pixels, this.shape());
    this.setFollowing(isAtEnd(this.place, this.shape()));
    this.show();
  }

  /** After the rows from `first` on were drawn: learns their heights and puts them in place. */
  settle(first: number): void {
    const { elements } = this;
    if (!elements) return;
    if (this.wraps) {
      for (const child of elements.layer.children) {
        if (!(child instanceof HTMLElement)) continue;
        this.heights.set(Number(child.dataset.row), child.offsetHeight);
      }
    }
    const shape = this.shape();
    if (this.view.following) this.place = endPlace(shape);
    else if (this.target) {
      this.place = placeOfRow(this.target.row, this.target.align, this.place, shape);
    } else this.place = moveBy(this.place, 0, shape);
    elements.canvas.style.height = `${canvasHeight(shape)}px`;
    if (this.mustAlign) this.align(shape);
    this.lay(first);
    this.show();
  }

  private shape(): Shape {
    const { count, height, mean } = this;
    const of = this.wraps ? (row: number) => this.heights.get(row) ?? mean : () => ROW_PIXELS;
    return { count, height, mean, of };
  }

  private lay(first: number): void {
    const above = pixelsAbove(first, this.place, this.shape());
    const top = `translateY(${Math.round(this.scrollTop - above)}px)`;
    const { layer } = this.elements ?? {};
    if (layer && layer.style.transform !== top) layer.style.transform = top;
  }

  /** Puts the scrollbar where the place is. */
  private align(shape: Shape): void {
    const { box } = this.elements ?? {};
    if (!box) return;
    const wanted = scrollTopOf(this.place, shape);
    if (Math.abs(wanted - box.scrollTop) >= 1) box.scrollTop = wanted;
    this.scrollTop = box.scrollTop;
    this.mustAlign = false;
  }

  private scrolled(): void {
    const { box } = this.elements ?? {};
    if (!box) return;
    const now = box.scrollTop;
    // What this class did itself.
    if (now === this.scrollTop) return;
    const shape = this.shape();
    this.target = undefined;
    const isDown = now > this.scrollTop;
    this.place = afterScroll(this.place, this.scrollTop, now, shape);
    this.scrollTop = now;
    this.setFollowing(isAtEnd(this.place, shape) || (this.view.following && isDown));
    if (isStuck(this.place, now, shape)) this.align(shape);
    this.lay(this.view.first);
    this.show();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.rest(), IDLE_MS);
  }

  /** Nothing moves: the scrollbar may be put right without anybody's hand on it. */
  private rest(): void {
    if (this.wraps && this.heights.size > 0) {
      const sum = [...this.heights.values()].reduce((all, height) => all + height, 0);
      this.mean = Math.max(ROW_PIXELS, Math.round(sum / this.heights.size));
    }
    this.mustAlign = true;
    this.settle(this.view.first);
  }

  private resize(): void {
    const { box } = this.elements ?? {};
    if (!box) return;
    if (this.wraps && box.clientWidth !== this.width) this.heights.clear();
    this.width = box.clientWidth;
    this.height = box.clientHeight;
    this.mustAlign = true;
    this.settle(this.view.first);
  }

  private setFollowing(following: boolean): void {
    if (following === this.view.following) return;
    this.change({ ...this.view, following, seen: this.lines });
  }

  private show(): void {
    const { first, end } = rowsToDraw(this.place, this.shape());
    if (first === this.view.first && end === this.view.end) return;
    this.change({ ...this.view, first, end });
  }

  private change(view: View): void {
    this.view = view;
    for (const listener of this.listeners) listener();
  }
}
