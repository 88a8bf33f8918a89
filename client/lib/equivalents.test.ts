import { describe, expect, test } from 'vitest';
import { asCurl, asPython, asPythonValue, graphiqlUrl } from './equivalents.ts';

const OPEN = { origin: 'http://host:4000', authRequired: false };
const CLOSED = { ...OPEN, authRequired: true };
const query = { text: 'query Q($n: Int!) { run(number: $n) { id } }', variables: { n: 3 } };
const stream = { text: 'subscription { runsChanged { __typename } }' };

describe('GraphiQL', () => {
  test('gets the document and its variables in the address', () => {
    const { searchParams, pathname } = new URL(graphiqlUrl(query), 'http://host');
    expect(pathname).toBe('/graphql');
    expect(searchParams.get('query')).toBe(query.text);
    expect(JSON.parse(searchParams.get('variables') ?? '')).toEqual({ n: 3 });
  });

  test('gets no variables where there are none, and one line where the document is long', () => {
    expect(graphiqlUrl({ text: '{ a }', variables: {} })).toBe('/graphql?query=%7B+a+%7D');
    expect(graphiqlUrl({ text: `{ a }${' '.repeat(9_000)}` }, '{a}')).toBe(
      '/graphql?query=%7Ba%7D',
    );
  });
});

describe('Python', () => {
  test('writes values in its own words', () => {
    expect(asPythonValue({ a: null, b: [true, 'x"', 1.5], c: {} })).toBe(
      '{\n    "a": None,\n    "b": [\n        True,\n        "x\\"",\n        1.5,\n    ],\n    "c": {},\n}',
    );
  });

  test('asks over HTTP, with the key of the environment where one is needed', () => {
    const open = asPython(query, OPEN);
    expect(open).toContain('RequestsHTTPTransport(url="http://host:4000/graphql"))');
    expect(open).toContain('GraphQLRequest(DOCUMENT, variable_values={\n    "n": 3,\n})');
    expect(open).not.toContain('Authorization');
    expect(asPython(query, CLOSED)).toContain(
      'headers={"Authorization": "Bearer " + os.environ["TUNIX_RT_KEY"]}',
    );
  });

  test('follows a subscription over a socket, whose key stands in the first message', () => {
    const text = asPython(stream, CLOSED);
    expect(text).toContain('WebsocketsTransport(url="ws://host:4000/graphql", init_payload={"auth');
    expect(text).toContain('for event in client.subscribe(GraphQLRequest(DOCUMENT)):');
  });
});

describe('curl', () => {
  test('sends one body, quoted for a shell', () => {
    const text = asCurl({ text: '{ run(name: "it\'s") { id } }' }, OPEN);
    expect(text).toContain(`-d '{"query":"{ run(name: \\"it'\\''s\\") { id } }"}'`);
    expect(asCurl(query, CLOSED)).toContain('-H "authorization: Bearer $TUNIX_RT_KEY"');
    expect(asCurl(query, OPEN)).not.toContain('authorization');
  });

  test('follows a subscription as server-sent events', () => {
    expect(asCurl(stream, OPEN)).toContain("curl -N -H 'accept: text/event-stream' http");
  });
});
