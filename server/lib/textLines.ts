/** The lines of a text that are not blank, trimmed, by number from 1; without an array of all of them. */
export function* textLines(text: string): Generator<{ line: number; text: string }, void> {
  // A file of some editors begins with a byte order mark.
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 1; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(start, end).trim();
    if (content !== '') yield { line, text: content };
    start = end + 1;
  }
}
