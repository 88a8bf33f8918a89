/** What is searchable of a trace, and what a query means: the SQL that index and search share. */

/** The language whose words are stemmed and whose common words are left out. */
export const LANGUAGE = "'english'";

/** What a text of a person asks for: `"exact words"`, `-not this`, `this or that`. Never an error. */
export const toQuery = (parameter: string) => `websearch_to_tsquery(${LANGUAGE}, ${parameter})`;

/** The contents of all steps of `traces t` in their order, one below the other. */
export const STEPS_TEXT = `(
  SELECT string_agg(step ->> 'content', E'\\n' ORDER BY place)
  FROM jsonb_array_elements(t.payload -> 'steps') WITH ORDINALITY AS steps(step, place))`;

/**
 * The search document of `traces t`: words of prompt (weight A), final answer (B) and steps (C), of
 * each the first `$n` characters. `<` is hidden from the parser, which would take `x < y and z > w`
 * for a tag and lose the words in it.
 */
export const documentOf = (limit: string) =>
  [
    ["t.payload ->> 'prompt'", 'A'],
    ["t.payload ->> 'final_answer'", 'B'],
    [STEPS_TEXT, 'C'],
  ]
    .map(
      ([source, weight]) =>
        `setweight(to_tsvector(${LANGUAGE}, translate(left(${source}, ${limit}), '<', ' ')), '${weight}')`,
    )
    .join(' || ');
