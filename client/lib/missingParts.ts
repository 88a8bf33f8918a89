/**
 * Parts of the UI that could not be loaded. An upgrade of the server takes away the files that a page
 * opened before it is made of; whoever has one open is told, and reloads it when it suits.
 */
export type Missing = 'nothing' | 'outdated' | 'unreachable';

const errors = new WeakSet<object>();
const listeners = new Set<() => void>();
let missing: Missing = 'nothing';

/** Whether the server has another page than this one. @throws TypeError when it does not answer. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src');
  const response = await fetch('/', { cache: 'no-store' });
  return response.ok && own != null && !(await response.text()).includes(own);
}

async function look() {
  missing = (await isOutdated().catch(() => false)) ? 'outdated' : 'unreachable';
  for (const listener of listeners) listener();
}

window.addEventListener('vite:preloadError', ({ payload }) => {
  errors.add(payload);
  void look();
});

export const missingParts = {
  get: () => missing,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** Whether an error, or what caused it, is that a part could not be loaded. */
  isCauseOf: (error: unknown): boolean =>
    error instanceof Error &&
    (errors.has(error) || (error.cause instanceof Error && errors.has(error.cause))),
};
