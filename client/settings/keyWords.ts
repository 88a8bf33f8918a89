/** What is said of API keys, and what a program does with one. Pure. */
import { formatDate } from '../lib/format.ts';

type Times = { expiresAt: string | null; revokedAt: string | null };

export type KeyState = 'good' | 'revoked' | 'expired';

export function keyState({ expiresAt, revokedAt }: Times, now: number): KeyState {
  if (revokedAt) return 'revoked';
  return expiresAt && Date.parse(expiresAt) <= now ? 'expired' : 'good';
}

/** For how long a key can be good; an empty value is without an end. */
export const EXPIRIES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'until it is revoked' },
] as const;

export const expiryWords = ({ expiresAt }: Times): string =>
  expiresAt ? formatDate(expiresAt) : 'never';

const QUERY = '{ viewer { name scopes } }';

/** The shortest program that works with the key, in two languages; for a runner how it starts. */
export function snippets(origin: string, secret: string, isRunner: boolean) {
  if (isRunner) return [{ name: 'Runner', text: `RUNNER_TOKEN=${secret} npm run runner` }];
  return [
    {
      name: 'curl',
      text: [
        `curl ${origin}/graphql \\`,
        `  -H 'authorization: Bearer ${secret}' \\`,
        `  -H 'content-type: application/json' \\`,
        `  -d '{"query": "${QUERY}"}'`,
      ].join('\n'),
    },
    {
      name: 'Python',
      text: [
        'import json, urllib.request',
        '',
        'request = urllib.request.Request(',
        `    "${origin}/graphql",`,
        `    data=json.dumps({"query": "${QUERY}"}).encode(),`,
        '    headers={',
        `        "authorization": "Bearer ${secret}",`,
        '        "content-type": "application/json",',
        '    },',
        ')',
        'print(json.load(urllib.request.urlopen(request))["data"])',
      ].join('\n'),
    },
    {
      name: 'Command line',
      text: `TUNIX_RT_URL=${origin} TUNIX_RT_KEY=${secret} npx tunix-rt --help`,
    },
  ];
}
