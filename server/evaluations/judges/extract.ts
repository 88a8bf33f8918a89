/**
 * Finds the final answer in a generated text.
 *
 * Five forms are known, and whichever starts last wins: a text that corrects itself, or writes an
 * outer form around an inner one, means the last.
 */
type Form = 'TEMPLATE' | 'HASH' | 'BOXED' | 'TAG' | 'PROSE';

export type Extract = { form: Form; answer: string };

/** A model that goes on after one of these says nothing more that counts. */
export const END = /<end_of_turn>|<\|im_end\|>|<\|endoftext\|>|<\|eot_id\|>|<eos>|<\/s>/;

// Contents are captured by a lookahead, so that a form inside another one is seen as well. Each
// repetition is bounded by a line, a tag or a number, or hostile texts would take quadratic time.
const patterns: { form: Form; pattern: RegExp }[] = [
  // `Answer: x`, the form of the training data; markdown around it; x may stand on the next line.
  {
    form: 'TEMPLATE',
    pattern: /^[ \t*_>#-]*(?:final[ \t]+)?answer[ \t*_]*:(?=\s*(\S[^\n]*))/gim,
  },
  // Short for it, in capitals only: `a: x` begins many other lines.
  { form: 'TEMPLATE', pattern: /^[ \t*_>-]*A[*_]*:(?=\s*(\S[^\n]*))/gm },
  // `#### x`, as in GSM8K.
  { form: 'HASH', pattern: /^[ \t]*####(?=[ \t]*([^\s#][^\n]*))/gm },
  { form: 'TAG', pattern: /<answer>(?=([^<]*(?:<(?!\/?answer>)[^<]*)*)<\/answer>)/gi },
  // `the answer is x`, to the end of the sentence; the dot of a number does not end one.
  {
    form: 'PROSE',
    pattern:
      /\b(?:the|final|my)[ \t]{1,3}(?:\w{1,20}[ \t]{1,3}){0,2}answer[ \t]{0,3}(?:is|=|:)(?=[\s:]{0,9}([^\s:][^\n]{0,1000}?)(?:\.(?=[\s<]|$)|[ \t,]{1,3}(?:because|since)\b|\n|$))/gi,
  },
];

/** `Answer: #### 4`: a form may stand at the start of a line only once an outer one is off. */
const MAX_NESTING = 3;

/**
 * The last final answer in a text, or null when there is none.
 *
 * @param isLong  the expected answer has several lines: `Answer:` then reaches to the end of the
 *                text instead of the end of its line.
 */
export function extractAnswer(text: string, isLong = false): Extract | null {
  const outer = extractOnce(text.split(END, 1)[0] ?? '', isLong);
  let answer = outer?.answer;
  for (let depth = 1; answer && depth < MAX_NESTING; depth++) {
    answer = extractOnce(answer, isLong)?.answer ?? answer;
  }
  return outer && answer ? { form: outer.form, answer } : null;
}

type Candidate = { at: number; form: Form; content: string };

function extractOnce(text: string, isLong: boolean): Extract | null {
  const found: Candidate[] = boxes(text);
  for (const { form, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const reachesOn = isLong && form === 'TEMPLATE';
      const content = reachesOn ? text.slice(match.index + match[0].length) : match[1];
      found.push({ at: match.index, form, content: content ?? '' });
    }
  }
  for (const { form, content } of found.sort((a, b) => b.at - a.at)) {
    const answer = trimStars(content.split(/<\/?answer>/i, 1)[0] ?? '');
    if (answer) return { form, answer };
  }
  return null;
}

/** Contents of `\boxed{…}` with braces inside; one that is never closed was cut off and is none. */
function boxes(text: string): Candidate[] {
  const found: Candidate[] = [];
  const open: { start: number; isBox: boolean }[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && /[\\{}]/.test(text[at + 1] ?? '')) at++;
    else if (text[at] === '{') {
      const before = text.slice(Math.max(0, at - 10), at);
      open.push({ start: at + 1, isBox: /\\(?:boxed|fbox)[ \t]*$/.test(before) });
    } else if (text[at] === '}') {
      const box = open.pop();
      if (box?.isBox) {
        found.push({ at: box.start, form: 'BOXED', content: text.slice(box.start, at) });
      }
    }
  }
  return found;
}

/** Spaces and the asterisks of markdown off both ends. */
function trimStars(text: string): string {
  const isEdge = (at: number) => text[at] === '*' || text[at]?.trim() === '';
  let start = 0;
  let end = text.length;
  while (start < end && isEdge(start)) start++;
  while (end > start && isEdge(end - 1)) end--;
  return text.slice(start, end);
}
