/** `tunix-rt keys`: the keys with which programs prove who they are. */
import { printable } from '../lib/text.ts';
import { ask, granted, REFUSAL, type Refusal, Refused, type Target } from './ask.ts';
import {
  type Call,
  COMMON_HELP,
  define,
  EXIT,
  given,
  jsonLine,
  Misused,
  numberOf,
} from './define.ts';

const HELP = `Usage: tunix-rt keys list
       tunix-rt keys create NAME [--scope SCOPE …] [--expires DAYS] [--runner]
       tunix-rt keys revoke KEY

Keys are for programs, and sent as TUNIX_RT_KEY by this command line. \`create\` prints the secret once,
alone on stdout; the server keeps a hash of it. A key makes other keys only with the scope ADMIN; the first
one is made on the page of the server under Settings. \`revoke\` takes an id or the first characters, as \`list\`
prints them; connections that use the key end within seconds.

  --scope SCOPE      what it may do: READ, TRACES_WRITE, DATASETS_WRITE, RUNS_WRITE, EVALUATIONS_WRITE,
                     RUNNERS_WRITE, ADMIN; may be given many times, at most what you may do [READ]
  --expires DAYS     how long it holds [no end]
  --runner           a key for a runner, and for nothing else
  --json             print JSON; \`create\` prints {"apiKey", "secret"}
${COMMON_HELP}

Exit codes: 0 done, 2 the command is wrong or there is no such key, 3 the server cannot be reached,
4 it refuses: the key in TUNIX_RT_KEY may not do this.
`;

const KEY = `fragment CliKey on ApiKey {
  id name prefix scopes owner { email } createdAt expiresAt lastUsedAt revokedAt
}`;

const LIST = `${KEY} query CliKeys($after: String) {
  apiKeys(first: 100, after: $after) {
    edges { node { ...CliKey } } pageInfo { hasNextPage endCursor }
  }
}`;

const CREATE = `${KEY} ${REFUSAL} mutation CliCreateKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    ... on CreateApiKeyPayload { secret apiKey { ...CliKey } }
    ...Refusal
  }
}`;

const REVOKE = `${KEY} ${REFUSAL} mutation CliRevokeKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) { ... on RevokeApiKeyPayload { apiKey { ...CliKey } } ...Refusal }
}`;

type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  owner: { email: string } | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

type Page = {
  apiKeys: {
    edges: { node: ApiKey }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};

/** All that the caller may see, newest first. @throws Refused, Unreachable */
async function readKeys(target: Target): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  for (let after: string | null = null; ; ) {
    const { apiKeys }: Page = await ask<Page>(target, LIST, { after });
    keys.push(...apiKeys.edges.map(({ node }) => node));
    if (!apiKeys.pageInfo.hasNextPage) return keys;
    after = apiKeys.pageInfo.endCursor;
  }
}

function stateOf({ revokedAt, expiresAt, lastUsedAt }: ApiKey): string {
  if (revokedAt) return `revoked ${revokedAt}`;
  const used = lastUsedAt ? `used ${lastUsedAt}` : 'never used';
  if (!expiresAt) return used;
  return `${new Date(expiresAt) < new Date() ? 'expired' : 'expires'} ${expiresAt}, ${used}`;
}

const describe = (key: ApiKey): string =>
  printable(
    `${key.prefix}  ${key.name}  ${key.scopes.join(',')}  ${key.owner?.email ?? '–'}  ${stateOf(key)}`,
  );

/** One of the keys, by its id or first characters. @throws Refused */
async function findKey(target: Target, ref: string): Promise<ApiKey> {
  const keys = await readKeys(target);
  const found = keys.filter(({ id, prefix }) => id === ref || prefix.startsWith(ref));
  const [key] = found;
  if (!key) {
    const remedy = '`npx tunix-rt keys list` lists them.';
    throw new Refused(`There is no key ${ref}. ${remedy}`, 'NOT_FOUND');
  }
  if (found.length > 1) {
    throw new Refused(
      `${found.length} keys begin with ${ref}. Give all 14 characters, or the id.`,
      'NOT_FOUND',
    );
  }
  return key;
}

const OPTIONS = {
  scope: { type: 'string', multiple: true },
  expires: { type: 'string' },
  runner: { type: 'boolean' },
} as const;

type KeysCall = Call<typeof OPTIONS>;

async function list({ values, target, terminal }: KeysCall): Promise<number> {
  const keys = await readKeys(target);
  terminal.out(values.json ? jsonLine(keys) : keys.map((key) => `${describe(key)}\n`).join(''));
  return EXIT.ok;
}

async function create({ values, target, terminal, say }: KeysCall, name: string): Promise<number> {
  if (values.runner && values.scope)
    throw new Misused('--runner is a scope of its own; leave --scope out.');
  const scopes = values.runner ? ['RUNNER'] : (values.scope ?? ['READ']);
  const input = given({
    name,
    scopes: scopes.map((scope) => scope.toUpperCase()),
    expiresInDays: numberOf('expires', values.expires),
  });
  const answer = await ask<{ createApiKey: { apiKey: ApiKey; secret: string } | Refusal }>(
    target,
    CREATE,
    { input },
  );
  const { apiKey, secret } = granted(answer.createApiKey);
  terminal.out(values.json ? jsonLine({ apiKey, secret }) : `${secret}\n`);
  const use = values.runner ? 'RUNNER_TOKEN of the runner' : 'TUNIX_RT_KEY';
  if (!values.json)
    say(`Key ${apiKey.prefix}… is made. It is shown this once; put it into ${use}.`);
  return EXIT.ok;
}

async function revoke({ values, target, terminal, say }: KeysCall, ref: string): Promise<number> {
  const { id: apiKeyId } = await findKey(target, ref);
  const answer = await ask<{ revokeApiKey: { apiKey: ApiKey } | Refusal }>(target, REVOKE, {
    input: { apiKeyId },
  });
  const { apiKey } = granted(answer.revokeApiKey);
  if (values.json) terminal.out(jsonLine(apiKey));
  else say(`Key ${apiKey.prefix}… (${apiKey.name}) is revoked.`);
  return EXIT.ok;
}

export const keysCommand = define({
  name: 'keys',
  help: HELP,
  options: OPTIONS,
  takes: { min: 1, max: 2, called: 'list, create NAME or revoke KEY' },
  async body(call) {
    const [verb, subject] = call.names;
    if (verb === 'list' && subject === undefined) return list(call);
    if (verb === 'create' && subject) return create(call, subject);
    if (verb === 'revoke' && subject) return revoke(call, subject);
    throw new Misused('It takes list, create NAME or revoke KEY.');
  },
});
