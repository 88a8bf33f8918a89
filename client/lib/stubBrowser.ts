import { vi } from 'vitest';

/** What the component library asks of a browser and jsdom has not: media queries and sizes. */
export function stubBrowser() {
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
