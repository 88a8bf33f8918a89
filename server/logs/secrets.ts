/** What must never stand in a log: the secrets of the settings, in every form a program may print. */
import type { Config } from '../config.ts';

/** Shorter ones would blank out ordinary text. */
const LEAST = 6;

/** The secrets that the settings hold. */
export function secretsOf(config: Config): string[] {
  const { tunix, database, judgeEndpoints, artifacts, logs, runner } = config;
  const { store } = artifacts;
  const password = database.url && new URL(database.url).password;
  return [
    tunix.hfToken,
    runner.token ?? undefined,
    password && decodeURIComponent(password),
    store.kind === 's3' ? store.credentials?.secretAccessKey : undefined,
    ...judgeEndpoints.map(({ apiKey }) => apiKey),
    ...logs.redact,
  ].filter((secret) => secret !== undefined && secret.length >= LEAST) as string[];
}

const ascii = (json: string) =>
  json.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The base64 of a text in the midst of other bytes: what does not depend on its neighbours. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const all = Buffer.concat([Buffer.alloc(offset), bytes]);
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor((all.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((form) => all.toString(form).slice(from, to));
  });
}

/** A secret as it is, and as JSON, URLs, base64 (wherever it begins) and hex have it. */
export function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const hex = Buffer.from(secret).toString('hex');
  const forms = [
    ...[secret, json, json.replaceAll('/', '\\/'), ascii(json)],
    ...[url, url.replaceAll(/%../g, (code) => code.toLowerCase()), url.replaceAll('%20', '+')],
    ...[hex, hex.toUpperCase()],
    ...base64Forms(secret),
  ];
  // Lines are looked at as they come.
  return [...new Set(forms)].filter((form) => form.length >= LEAST && !form.includes('\n'));
}

/** Tokens that are known by how they begin; each stands at the begin of a word. */
export const TOKENS: readonly { prefix: string; characters: RegExp; least: number }[] = [
  { prefix: 'hf_', characters: /[A-Za-z0-9]/, least: 20 },
  { prefix: 'sk-', characters: /[A-Za-z0-9_-]/, least: 32 },
  { prefix: 'AKIA', characters: /[A-Z0-9]/, least: 16 },
  { prefix: 'ghp_', characters: /[A-Za-z0-9]/, least: 20 },
  { prefix: 'github_pat_', characters: /[A-Za-z0-9_]/, least: 20 },
  { prefix: 'trt_', characters: /[A-Za-z0-9_-]/, least: 20 },
];
