// @vitest-environment jsdom
import { beforeAll, expect, it, vi } from 'vitest';
import { stubBrowser } from './stubBrowser.ts';

const KEY = 'tunix-rt-color-scheme';
const shown = () => document.documentElement.dataset.mantineColorScheme;

// Read when the module is loaded, as it is before the first paint.
beforeAll(() => {
  stubBrowser();
  localStorage.setItem(KEY, 'dark');
});

it('shows what was chosen, and tells every provider of the library of a change', async () => {
  const { scheme, schemeManager } = await import('./scheme.ts');
  scheme.restore();
  expect(shown()).toBe('dark');

  const [first, second] = [schemeManager(), schemeManager()];
  const told = vi.fn();
  first.subscribe(told);
  second.set('light');
  expect(shown()).toBe('light');
  expect(localStorage.getItem(KEY)).toBe('light');
  expect(told).toHaveBeenCalledExactlyOnceWith('light');

  window.dispatchEvent(new StorageEvent('storage', { key: KEY, newValue: 'dark' }));
  expect(shown()).toBe('dark');
  expect(first.get('auto')).toBe('dark');

  first.unsubscribe();
  scheme.choose('auto');
  expect(told).toHaveBeenCalledTimes(2);
  expect(shown()).toBe('light');
});
