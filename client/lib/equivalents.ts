/** The same operation for GraphiQL, Python and a shell. Pure; the address is an argument. */
import { shellLine } from './format.ts';

export type Asked = { text: string; variables?: Record<string, unknown> };

/** Where it is asked: `http://host:port`, and whether a key is needed. */
export type Place = { origin: string; authRequired: boolean };

const isSubscription = (text: string) => /^\s*(#.*\n\s*)*subscription\b/.test(text);
const hasAny = (variables: Asked['variables']) => Object.keys(variables ?? {}).length > 0;

/** A header line is 16 KB at most, and the address stands in it. */
const LONGEST_URL = 8_000;

/** GraphiQL with the operation in it; `short` is the same document in one line. */
export function graphiqlUrl({ text, variables }: Asked, short = text): string {
  const url = (query: string) =>
    `/graphql?${new URLSearchParams({
      query,
      ...(hasAny(variables) && { variables: JSON.stringify(variables, null, 2) }),
    })}`;
  const whole = url(text);
  return whole.length <= LONGEST_URL ? whole : url(short);
}

/** A value of JSON as Python writes it. */
export function asPythonValue(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}    `;
  const lines = Array.isArray(value)
    ? value.map((each) => asPythonValue(each, deeper))
    : Object.entries(value).map(
        ([key, each]) => `${JSON.stringify(key)}: ${asPythonValue(each, deeper)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${deeper}${line},\n`).join('')}${indent}${close}`;
}

/** A script with the public `gql` package. */
export function asPython({ text, variables }: Asked, place: Place): string {
  const isStream = isSubscription(text);
  const url = `${isStream ? place.origin.replace(/^http/, 'ws') : place.origin}/graphql`;
  const transport = isStream ? 'WebsocketsTransport' : 'RequestsHTTPTransport';
  const bearer = '{"Authorization": "Bearer " + os.environ["TUNIX_RT_KEY"]}';
  const key = place.authRequired ? `, ${isStream ? 'init_payload' : 'headers'}=${bearer}` : '';
  const secret = isStream ? key.replace('"Authorization"', '"authorization"') : key;
  const request = hasAny(variables)
    ? `GraphQLRequest(DOCUMENT, variable_values=${asPythonValue(variables)})`
    : 'GraphQLRequest(DOCUMENT)';
  return [
    `# pip install 'gql[${isStream ? 'websockets' : 'requests'}]>=4,<5'`,
    ...(place.authRequired ? ['import os', ''] : []),
    'from gql import Client, GraphQLRequest',
    `from gql.transport.${isStream ? 'websockets' : 'requests'} import ${transport}`,
    '',
    `DOCUMENT = """${text.trim()}"""`,
    '',
    `client = Client(transport=${transport}(url=${JSON.stringify(url)}${secret}))`,
    ...(isStream
      ? [`for event in client.subscribe(${request}):`, '    print(event)']
      : [`print(client.execute(${request}))`]),
    '',
  ].join('\n');
}

/** The header lines of a request from a shell, where a key is needed. */
export const curlKey = (place: Place): string =>
  place.authRequired ? ' \\\n  -H "authorization: Bearer $TUNIX_RT_KEY"' : '';

/** A shell command; a subscription comes as server-sent events. */
export function asCurl({ text, variables }: Asked, place: Place): string {
  const stream = isSubscription(text) ? " -N -H 'accept: text/event-stream'" : '';
  const body = JSON.stringify({ query: text.trim(), ...(hasAny(variables) && { variables }) });
  return (
    `curl${stream} ${place.origin}/graphql -H 'content-type: application/json'${curlKey(place)}` +
    ` \\\n  -d ${shellLine([body])}`
  );
}
