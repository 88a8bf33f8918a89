import type { Pool } from 'pg';
import { LANGUAGE, STEPS_TEXT, toQuery } from './search.ts';

/** Parts of a trace in the order in which a hit is looked for. */
type Part = 'PROMPT' | 'ANSWER' | 'STEPS';

/** A piece of an excerpt, and whether it is what was searched for. */
export type HighlightPart = { text: string; hit: boolean };

/** Where a text was found: at most `MAX_CHARS` characters around the first hit. */
export type Highlight = { parts: HighlightPart[]; where: Part; rank: number };

const MAX_CHARS = 300;
/** How much of an excerpt stands before the first hit, where there is that much. */
const LEAD_CHARS = 80;
/** Characters of each part in which a hit is looked for. */
const LOOK_CHARS = 100_000;

// Private characters, taken out of the data first, so that nothing in a trace can look like them.
const START = '\uE000';
const END = '\uE001';
// Stands for `<`, which begins a tag for the parser: it would drop what is in it.
const LESS = '\u0001';
const OPTIONS = `StartSel=${START}, StopSel=${END}, MaxWords=50, MinWords=30, ShortWord=0`;

/**
 * The best passage of a text of `traces t` as `name.excerpt`, with the hits between `START` and
 * `END`; none where `needed` does not hold. A passage begins at its first hit: what stands before it
 * is put back.
 */
const excerptOf = (name: string, source: string, needed = 'true') => `
  LEFT JOIN LATERAL (
    SELECT right(left(h.plain, greatest(strpos(h.plain, translate(h.headline, $7 || $8, '')) - 1, 0)),
      ${LEAD_CHARS}) || h.headline AS excerpt
    FROM (
      SELECT c.plain, ts_headline(${LANGUAGE}, c.plain, wanted.query, $6) AS headline
      FROM (SELECT translate(left(${source}, ${LOOK_CHARS}), $3 || $4, $5) AS plain
        WHERE ${needed} OFFSET 0) AS c OFFSET 0
    ) AS h
  ) AS ${name} ON true`;

const hasNoHit = (name: string) => `strpos(${name}.excerpt, $7) = 0`;

// What is not wanted is nothing to show, and one of several words is better than none: hence without
// negations and with OR for AND. No word contains a space, so ' & ' is the operator. A part is
// looked at only when those before it have no hit.
const HEADLINES = `
  SELECT t.id, s.rank, prompt.excerpt AS prompt, answer.excerpt AS answer, steps.excerpt AS steps
  FROM traces t
  CROSS JOIN (SELECT replace(querytree(${toQuery('$2')}), ' & ', ' | ')::tsquery AS query) AS wanted
  CROSS JOIN LATERAL (SELECT ts_rank_cd(document, ${toQuery('$2')})::float8 AS rank
    FROM trace_search WHERE trace_id = t.id) AS s
  ${excerptOf('prompt', "t.payload ->> 'prompt'")}
  ${excerptOf('answer', "t.payload ->> 'final_answer'", hasNoHit('prompt'))}
  ${excerptOf('steps', STEPS_TEXT, hasNoHit('answer'))}
  WHERE t.id = ANY($1::uuid[])`;

type Row = {
  id: string;
  rank: number;
  prompt: string;
  answer: string | null;
  steps: string | null;
};

/**
 * Where the words of a text stand in the given traces, by their ids. A hit that stands beyond the
 * first `LOOK_CHARS` characters of each part is not shown: the beginning of the prompt is.
 */
export async function readHighlights(
  sql: Pool,
  text: string,
  ids: string[],
): Promise<Map<string, Highlight>> {
  const removed = `${START}${END}${LESS}`;
  const { rows } = await sql.query<Row>(HEADLINES, [
    ids,
    text,
    '<',
    removed,
    LESS,
    OPTIONS,
    START,
    END,
  ]);
  return new Map(rows.map((row) => [row.id, toHighlight(row)]));
}

function toHighlight({ rank, prompt, answer, steps }: Row): Highlight {
  const found = (
    [
      ['PROMPT', prompt],
      ['ANSWER', answer],
      ['STEPS', steps],
    ] as const
  ).find(([, excerpt]) => excerpt?.includes(START));
  const [where, excerpt] = found ?? (['PROMPT', prompt] as const);
  return { parts: cut(split(excerpt ?? '')), where, rank };
}

function split(excerpt: string): HighlightPart[] {
  return excerpt
    .replaceAll(LESS, '<')
    .split(new RegExp(`(${START}[^${END}]*${END})`))
    .filter((text) => text !== '')
    .map((text) =>
      text.startsWith(START) ? { text: text.slice(1, -1), hit: true } : { text, hit: false },
    );
}

/** At most `MAX_CHARS` code points, from a little before the first hit on. */
export function cut(parts: HighlightPart[]): HighlightPart[] {
  const [first, ...rest] = parts;
  const lead = first && !first.hit && rest.length > 0;
  const trimmed = lead
    ? [{ text: Array.from(first.text).slice(-LEAD_CHARS).join(''), hit: false }, ...rest]
    : parts;
  let left = MAX_CHARS;
  const taken: HighlightPart[] = [];
  for (const { text, hit } of trimmed) {
    if (left === 0) break;
    const characters = Array.from(text).slice(0, left);
    left -= characters.length;
    taken.push({ text: characters.join(''), hit });
  }
  return taken;
}
