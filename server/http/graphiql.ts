/** `GET /graphql` from a browser: GraphiQL, with nothing from outside. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const EXAMPLES = [
  {
    query: `# The loop at a glance.
query Overview {
  overview { traceCount datasetCount runCount evaluationCount }
  tunixStatus { available version message }
  runs(first: 5) { edges { node { number status dataset { key } progress { percent } } } }
}`,
  },
  {
    query: `# Put the id of a run (query runs) below; after is the last line you have.
subscription Follow($runId: ID!, $after: BigInt = 0) {
  runLogs(runId: $runId, after: $after) {
    __typename
    ... on LogBatch { lastSeq stream text }
    ... on LogGap { seq lostBytes }
    ... on LogOpenLine { text }
    ... on StreamPhase { phase behindBy }
    ... on StreamCompleted { status exitCode lastSeq }
  }
}`,
    variables: '{ "runId": "", "after": "0" }',
  },
];

/** Whether a browser asks for the page, and not a program for an answer. */
export const wantsGraphiql = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>) =>
  method === 'GET' && headers.accept?.includes('text/html') === true;

/** Its editor makes style elements as it goes, and its workers from strings. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    'worker-src blob:',
    "connect-src 'self'",
    // Our own page shows it in a frame; another site's must not.
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/**
 * The variables of a link; the page itself reads only its query. They stand in a script, which no
 * text of theirs may end; what is no JSON is left out.
 */
function variablesOf(response: ServerResponse): string | undefined {
  const { searchParams } = new URL(response.req.url ?? '/', 'http://localhost');
  try {
    const variables: unknown = JSON.parse(searchParams.get('variables') ?? '');
    return JSON.stringify(variables, null, 2).replaceAll('<', '\\u003c');
  } catch {
    return undefined;
  }
}

/** Sends the page. Its scripts take 30 MB, which only a process that shows it should hold. */
export async function serveGraphiql(response: ServerResponse): Promise<void> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const nonce = randomBytes(16).toString('base64');
  const options = {
    title: 'Tunix RT · GraphiQL',
    subscriptionsProtocol: 'WS' as const,
    defaultTabs: EXAMPLES,
    // Known to the page, though not to its types.
    variables: variablesOf(response),
  };
  const page = renderGraphiQL(options);
  // The first is the only one of the page; what follows stands in the text of scripts.
  const body = page.trimStart().replace('<script>', () => `<script nonce="${nonce}">`);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy(nonce),
    'cache-control': 'no-store',
  });
  response.end(body);
}
