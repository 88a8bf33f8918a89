/** One line of an import, as an example. */
export const SAMPLE_LINE = JSON.stringify({
  trace_version: '1',
  prompt: 'What is 17 + 25?',
  steps: [
    { i: 0, type: 'split', content: '17 + 25 = 17 + 20 + 5' },
    { i: 1, type: 'add', content: '17 + 20 = 37, 37 + 5 = 42' },
  ],
  final_answer: '42',
  meta: { category: 'addition' },
});
