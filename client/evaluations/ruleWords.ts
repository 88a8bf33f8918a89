/** The rule by which an item was judged, in plain words. */
const FOUND: Record<string, string> = {
  TEMPLATE: 'The answer stands after an answer marker such as “A:”',
  HASH: 'The answer stands after “####”',
  BOXED: 'The answer stands in a \\boxed{…}',
  TAG: 'The answer stands in an <answer> tag',
  PROSE: 'The answer was taken from a sentence such as “the answer is …”',
};

const MATCHED: Record<string, string> = {
  TEXT: 'it is the expected text',
  NUMBER: 'it is the expected number',
  UNIT: 'it is the expected quantity, written with its unit',
  DIFFERENT: 'it is not what was expected',
};

const WHOLE: Record<string, string> = {
  NONE_FOUND: 'No answer was found in the text.',
  NO_PREDICTION: 'The model wrote nothing for this item, which counts as wrong.',
  NOT_GENERATED: 'Writing the text failed, which counts as wrong.',
  UNJUDGED: 'It could not be judged.',
  'VERDICT:PASS': 'The judge model let it pass.',
  'VERDICT:FAIL': 'The judge model let it fail.',
  'MOCK:PASS': 'The mock judge let it pass; it says nothing about the model.',
  'MOCK:FAIL': 'The mock judge let it fail; it says nothing about the model.',
  'STEPS:FOLLOWED': 'Its steps follow those of the reference solution.',
  'STEPS:DIVERGED': 'Its steps leave those of the reference solution.',
};

/** A sentence; a rule that is not known here is shown as it is. */
export function ruleWords(rule: string): string {
  const whole = WHOLE[rule];
  if (whole) return whole;
  const [form = '', match = ''] = rule.split(':');
  const found = FOUND[form];
  const matched = MATCHED[match];
  return found && matched ? `${found}, and ${matched}.` : rule;
}
