/**
 * A filter in the two forms it has beside that of the API: words of the URL, and tokens a person
 * writes (`tag:hard`), sees and removes one by one. Pure; each list says which words it knows.
 *
 * In the URL a list is `a,b`; a comma inside a value is `\,`.
 */
export const joinList = (values: readonly string[]): string =>
  values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',');

export const splitList = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/(?:\\[\s\S]|[^,\\])+/g)].map(([value]) =>
    value.replace(/\\([\s\S])/g, '$1'),
  );

/** Words of the URL: the free text, and one word for each kind of condition. */
export type Words<Key extends string> = { [Name in Key | 'text']?: string | undefined };

export type Condition<Key extends string = string> = {
  key: Key;
  value: string;
  fault?: string | undefined;
};

export type Grammar<Key extends string> = {
  /** Every kind of condition, in the order their tokens stand; the free text is none of them. */
  keys: readonly Key[];
  /** Kinds that may hold several values. */
  lists: readonly Key[];
  /** Kinds that mean nothing without another one. */
  needs?: Readonly<Partial<Record<Key, Key>>>;
  /** What is written before the colon, where that is not the key itself. */
  typed?: Readonly<Partial<Record<Key, string>>>;
  /** What is wrong with one word, in words for the person who wrote it. */
  faultOf: (key: Key, value: string) => string | undefined;
};

export type FilterWords<Key extends string> = ReturnType<typeof filterWords<Key>>;

const unquote = (word: string) => word.replaceAll('"', '');

/** The reading and changing of the words of one list. */
export function filterWords<Key extends string>(grammar: Grammar<Key>) {
  const { keys, lists, needs = {}, typed = {}, faultOf } = grammar;
  const typedOf = (key: Key) => (typed as Partial<Record<Key, string>>)[key] ?? key;
  const byTyped = new Map<string, Key>(keys.map((key) => [typedOf(key), key]));

  /** One condition for each token: every value of a list is one of its own. The text is no token. */
  const conditionsOf = (url: Words<Key>): Condition<Key>[] =>
    keys.flatMap((key) => {
      const text = url[key];
      if (!text) return [];
      const values = lists.includes(key) ? splitList(text) : [text];
      return values.map((value) => ({ key, value, fault: faultOf(key, value) }));
    });

  /** The words with one more condition; a list grows, everything else is replaced. */
  function withCondition(url: Words<Key>, { key, value }: Condition<Key>): Words<Key> {
    if (!lists.includes(key)) return { ...url, [key]: value };
    const values = splitList(url[key]);
    return values.includes(value) ? url : { ...url, [key]: joinList([...values, value]) };
  }

  /** The words without one condition, and without those that mean nothing any more. */
  function withoutCondition(url: Words<Key>, { key, value }: Condition<Key>): Words<Key> {
    const rest = lists.includes(key) ? splitList(url[key]).filter((word) => word !== value) : [];
    const orphans = Object.entries(needs).filter(([, needed]) => needed === key);
    const dropped = Object.fromEntries(orphans.map(([orphan]) => [orphan, undefined]));
    return { ...url, ...dropped, [key]: rest.length > 0 ? joinList(rest) : undefined };
  }

  const hasCondition = (url: Words<Key>, { key, value }: Condition<Key>): boolean =>
    conditionsOf(url).some((condition) => condition.key === key && condition.value === value);

  /** The words without any condition; the free text stays. */
  const cleared = ({ text }: Words<Key>) => ({ text }) as Words<Key>;

  /** `tag:gsm8k` and `source:"my notebook"` as a condition; undefined for a word of the text. */
  function parseToken(word: string): Condition<Key> | undefined {
    const [, name = '', value = ''] = /^([a-zA-Z]+):([\s\S]+)$/.exec(word) ?? [];
    const key = byTyped.get(name);
    const bare = unquote(value);
    return key && bare ? { key, value: bare, fault: faultOf(key, bare) } : undefined;
  }

  /**
   * Splits what stands in the search box. A token counts when something follows it, or at the end
   * of everything when `whole`: while it is being typed it is neither a token nor text.
   */
  function parseQuery(query: string, whole = false) {
    const words = query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
    const isOpen = !whole && !/\s$/.test(query);
    const conditions: Condition<Key>[] = [];
    const text: string[] = [];
    let draft: string | undefined;
    for (const [index, word] of words.entries()) {
      const name = /^([a-zA-Z]+):/.exec(word)?.[1] ?? '';
      const token = parseToken(word);
      if (isOpen && index === words.length - 1 && byTyped.has(name)) draft = word;
      else if (token) conditions.push(token);
      else text.push(word);
    }
    return { text: text.join(' '), conditions, draft };
  }

  return {
    typedKeys: [...byTyped.keys()],
    conditionsOf,
    withCondition,
    withoutCondition,
    hasCondition,
    cleared,
    parseQuery,
  };
}
