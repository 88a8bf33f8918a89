/** Prints `docs/settings.md` from the settings themselves: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SETTINGS } from './settings.ts';

export const SETTINGS_GUIDE = fileURLToPath(new URL('../docs/settings.md', import.meta.url));

const HEAD = `# Settings

Environment variables, read once at the start. A bad one stops the start, and every bad one is listed.
Empty counts as not set.
`;

const TAIL = `
The command line reads \`TUNIX_RT_URL\` (the server, \`http://127.0.0.1:4000\`) and \`TUNIX_RT_KEY\` (a key).

Training processes get a fresh environment with only these of yours: \`PATH\`, \`HOME\`,
\`CUDA_VISIBLE_DEVICES\`, \`LD_LIBRARY_PATH\`, \`XLA_PYTHON_CLIENT_PREALLOCATE\`,
\`XLA_PYTHON_CLIENT_MEM_FRACTION\`. pip and the download of models also get \`PIP_INDEX_URL\`, \`PIP_CERT\`,
\`HF_ENDPOINT\`, \`HTTPS_PROXY\` and \`SSL_CERT_FILE\`.
`;

type Facts = {
  description?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
};

/** What a default says about the machine it was printed on. */
const OF_THIS_MACHINE = ['RUNNER_NAME'];

const TITLES: Record<keyof typeof SETTINGS, string> = {
  server: 'The server',
  access: 'Access',
  runners: 'Runners',
  tunix: 'Tunix and models',
  data: 'Data and judges',
  artifacts: 'Artifacts',
  logs: 'Logs and retention',
  observation: 'Observation',
};

function defaultOf(name: string, schema: z.ZodType): string {
  const value = schema.safeParse(undefined).data;
  if (value === undefined || OF_THIS_MACHINE.includes(name)) return '–';
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? '–' : `\`${text}\``;
}

/** What a value may be, where that says more than its meaning does. */
function rangeOf({ enum: values, minimum, maximum }: Facts): string {
  if (values) return ` (${values.map((value) => `\`${value}\``).join(', ')})`;
  // Without a limit of ours, an integer has that of JavaScript.
  if (minimum === undefined || maximum === undefined || maximum > 1e15) return '';
  return ` (${minimum}–${maximum})`;
}

function rowOf(name: string, schema: z.ZodType): string {
  const facts = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Facts;
  const meaning = (facts.description ?? '').replaceAll('|', '\\|');
  return `| \`${name}\` | ${defaultOf(name, schema)} | ${meaning}${rangeOf(facts)} |`;
}

/** The guide as Markdown. */
export const settingsGuide = (): string =>
  [
    HEAD,
    ...Object.entries(SETTINGS).map(([subject, shape]) =>
      [
        `\n## ${TITLES[subject as keyof typeof SETTINGS]}\n\n| name | default | meaning |\n| --- | --- | --- |`,
        ...Object.entries<z.ZodType>(shape).map(([name, schema]) => rowOf(name, schema)),
        '',
      ].join('\n'),
    ),
    TAIL,
  ].join('');

if (import.meta.main) writeFileSync(SETTINGS_GUIDE, settingsGuide());
