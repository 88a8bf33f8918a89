import { expect, test } from 'vitest';
import { ruleWords } from './ruleWords.ts';

test.each([
  ['BOXED:NUMBER', 'The answer stands in a \\boxed{…}, and it is the expected number.'],
  ['HASH:DIFFERENT', 'The answer stands after “####”, and it is not what was expected.'],
  ['NONE_FOUND', 'No answer was found in the text.'],
  ['NEW:RULE', 'NEW:RULE'],
])('the rule %s reads “%s”', (rule, words) => {
  expect(ruleWords(rule)).toBe(words);
});
