import { afterEach, expect, it, vi } from 'vitest';
import { trustStyles } from './trustedTypes.ts';

afterEach(() => vi.unstubAllGlobals());

it('style sheets are let through, and nothing that could be an element', () => {
  const createPolicy = vi.fn();
  vi.stubGlobal('trustedTypes', { createPolicy });
  trustStyles();
  const [name, { createHTML }] = createPolicy.mock.calls[0] ?? [];
  expect(name).toBe('default');
  expect(createHTML(':root { --space: 1rem }')).toBe(':root { --space: 1rem }');
  for (const markup of ['<b>', 'a < b', '</style><script>ran = 1</script>', '<!-- -->']) {
    expect(createHTML(markup)).toBeNull();
  }
});

it('a browser without trusted types needs nothing', () => {
  vi.stubGlobal('trustedTypes', undefined);
  expect(trustStyles).not.toThrow();
});
