/**
 * Says in a few microseconds that a trace is certainly valid. It knows the same limits as `TracePayload`
 * and says no whenever it would have to look closer; zod then decides and names what is wrong.
 */
import { isObject } from '../lib/isObject.ts';
import { MAX_DEPTH, type TracePayload } from './model.ts';

/** Of these many UTF-16 units there are certainly not more code points than the limit. */
const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= max &&
  !value.includes('\0') &&
  value.isWellFormed();

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'boolean') return depth <= MAX_DEPTH;
  if (depth > MAX_DEPTH) return false;
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value === 'number') {
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  }
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  if (typeof value !== 'object') return false;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key.includes('\0') || !key.isWellFormed()) return false;
    if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

function areSteps(steps: unknown): boolean {
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > 1000) return false;
  let last = -1;
  for (const step of steps as unknown[]) {
    if (!isObject(step)) return false;
    const { i, type, content } = step;
    // Rising numbers are the usual case and certainly different ones.
    if (typeof i !== 'number' || !Number.isSafeInteger(i) || i <= last) return false;
    if (!isText(type, 64) || !isText(content, 20_000)) return false;
    for (const key in step) if (key !== 'i' && key !== 'type' && key !== 'content') return false;
    last = i;
  }
  return true;
}

/** Whether a parsed JSON value is a valid trace for certain. */
export function isCertainlyTrace(value: unknown): value is TracePayload {
  if (!isObject(value)) return false;
  for (const key in value) {
    switch (key) {
      case 'trace_version':
      case 'prompt':
      case 'final_answer':
      case 'steps':
      case 'meta':
        break;
      default:
        return false;
    }
  }
  const { trace_version, prompt, final_answer, steps, meta } = value;
  if (!isText(trace_version, 64) || !isText(prompt, 50_000) || !isText(final_answer, 50_000)) {
    return false;
  }
  const isMeta = meta === undefined || meta === null || (isObject(meta) && isPlain(meta, 1));
  return isMeta && areSteps(steps);
}
