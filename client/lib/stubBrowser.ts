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
