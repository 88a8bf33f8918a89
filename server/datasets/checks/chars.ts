import { codePoints } from '../../lib/text.ts';
import { renderResponse } from '../render.ts';
import { type Found, type Item, stepsOf } from './model.ts';

/** TOO_MANY_CHARS: prompt and completion together are longer than the budget. */
export function tooManyChars(item: Item, maxChars: number): Found[] {
  const { prompt, final_answer: answer } = item.payload;
  const found = codePoints(prompt) + codePoints(renderResponse(stepsOf(item), answer));
  if (found <= maxChars) return [];
  const message = `The training text has ${found} characters, the budget is ${maxChars}.`;
  return [{ code: 'TOO_MANY_CHARS', message, data: { found, limit: maxChars } }];
}
