import { vi } from 'vitest';

/** What the components ask of a browser and jsdom has not: media queries, sizes and scrolling. */
export function stubBrowser() {
  vi.stubGlobal('scrollTo', () => undefined);
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }));
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
}

/** Gives everything a place in sight: what opens beside something out of sight is hidden. */
export function stubLayout() {
  Object.defineProperty(document.documentElement, 'clientWidth', { value: 1024 });
  Object.defineProperty(document.documentElement, 'clientHeight', { value: 768 });
  Element.prototype.getBoundingClientRect = () => new DOMRect(400, 300, 40, 40);
}
