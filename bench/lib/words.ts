/**
 * A vocabulary with the frequencies of a language: word k is drawn about 1/k as often as the first.
 * Real words on top, made-up ones in the long tail, so that compression, full-text parsing and
 * posting lists meet what they meet in practice, which repeated filler would not give.
 */
import { below, randomOf } from './random.ts';

const COMMON = `the of and to in is that we it for as with are this by be so then from have at an
each which or not but if can one has was there all when how than two its more only into must also
what out some would over other them any first both same after these between us now where most next
three will before about since because while even such much thus hence value sum total answer step
find given number equal left right both sides multiply divide add subtract remaining half part side
line point angle area length width height square root factor prime even odd fraction ratio percent
rate speed time hour minute day week year distance price cost money cents dollars apples books pens
students teacher class school train car road river house room table box bag card game player team
score group set list order pair sequence term pattern rule formula equation variable solve simplify
expand substitute compare check result product quotient remainder difference average mean median
probability chance event outcome random sample count measure unit meter kilogram litre degree
circle radius diameter triangle rectangle cube sphere volume surface graph axis slope curve function
linear quadratic constant positive negative zero unknown known correct wrong possible exactly
approximately greater smaller larger fewer longer shorter faster slower start end begin finish take
give move turn keep hold make use need want know think reason explain show prove assume suppose
consider observe note recall apply combine separate convert round estimate compute evaluate derive
therefore finally similarly otherwise however together altogether instead again once twice`;

const SYLLABLES =
  'ba ce di fo gu ha ji ko lu me na or pi qua re si ta ul ve wo xi yo za tri lan mor'
    .split(' ')
    .flatMap((first) => ['n', 'r', 's', 'l', ''].map((last) => first + last));

const SIZE = 6000;
const SLOTS = 65_536;

function vocabulary(): string[] {
  const words = new Set(COMMON.split(/\s+/));
  const next = randomOf(20_261_121, 0);
  while (words.size < SIZE) {
    const length = 2 + below(next, 3);
    const syllable = () => SYLLABLES[below(next, SYLLABLES.length)];
    words.add(Array.from({ length }, syllable).join(''));
  }
  return [...words];
}

/** One slot for each 65 536th of the probability, so that a draw is one look-up. */
function slots(words: string[]): string[] {
  const weights = words.map((_, rank) => 1 / (rank + 2.7));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table: string[] = [];
  let reached = 0;
  for (const [rank, word] of words.entries()) {
    reached += weights[rank] ?? 0;
    while (table.length < Math.round((reached / total) * SLOTS)) table.push(word);
  }
  return table;
}

const TABLE = slots(vocabulary());

/** Sentences of about `length` characters, with a sum here and there as reasoning has it. */
export function prose(next: () => number, length: number): string {
  let text = '';
  let inSentence = 0;
  while (text.length < length) {
    const word = TABLE[below(next, TABLE.length)] ?? 'the';
    if (inSentence === 0) text += (text && ' ') + word.charAt(0).toUpperCase() + word.slice(1);
    else text += ` ${word}`;
    inSentence += 1;
    if (inSentence > 5 && next() < 0.12) {
      if (next() < 0.4) {
        const a = 2 + below(next, 97);
        const b = 2 + below(next, 97);
        text += `: ${a} × ${b} = ${a * b}`;
      }
      text += '.';
      inSentence = 0;
    }
  }
  return inSentence === 0 ? text : `${text}.`;
}
