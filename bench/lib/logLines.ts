/** Lines as a training writes them: alike in shape, different in every number. */
import { below, randomOf } from './random.ts';

const SEED = 5;

/** Line `index` (from 0) with its newline, about 95 bytes. */
export function logLine(index: number): string {
  const next = randomOf(SEED, index);
  const loss = (3 * next()).toFixed(4);
  const norm = (next() * 2).toFixed(3);
  const rate = 8000 + below(next, 4000);
  const seconds = String(below(next, 60)).padStart(2, '0');
  return `step ${String(index).padStart(8, '0')} loss=${loss} lr=2e-05 grad_norm=${norm} tokens/s=${rate} eta=00:12:${seconds} ok\n`;
}

/** `count` lines from line `first` on, as bytes. */
export function logBytes(first: number, count: number): Buffer {
  const parts: string[] = [];
  for (let index = first; index < first + count; index += 1) parts.push(logLine(index));
  return Buffer.from(parts.join(''));
}
