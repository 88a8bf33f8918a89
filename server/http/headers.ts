/** What every answer says to a browser, whatever it holds. */
import type { ServerResponse } from 'node:http';

const SAFE = {
  'x-content-type-options': 'nosniff',
  // The address of a page may hold what was searched for; other sites need not know.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Nothing here needs them, so nothing that gets in may ask for them.
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // For answers that are no page: nothing in them may run or load. Pages set their own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Sets them; what answers may replace one by its own. */
export function setSafeHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SAFE)) response.setHeader(name, value);
}
