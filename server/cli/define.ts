/** What the commands that talk to the API have in common: options, key, errors and exit codes. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { isObject } from '../lib/isObject.ts';
import { printable } from '../lib/text.ts';
import { Refused, type Target, Unreachable } from './ask.ts';
import type { Command, Terminal } from './command.ts';

/** What a command ends with. `gate` and `import` have codes of their own. */
export const EXIT = {
  ok: 0,
  /** What was asked for was done and ended badly. */
  failed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  timeout: 5,
  cancelled: 6,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/** The last options of each help text. */
export const COMMON_HELP = `  --url URL          the server [TUNIX_RT_URL, else http://127.0.0.1:4000]
  --help             print this

A server that wants to know who asks gets the key in TUNIX_RT_KEY.`;

const COMMON = {
  url: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The command is wrong. */
export class Misused extends Error {}

/** Codes of the API for what the command names wrongly. */
const WRONG_NAMES = ['NOT_FOUND', 'VALIDATION', 'BAD_ID', 'BAD_VALUE'];

type Options = ParseArgsOptionsConfig;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O & typeof COMMON; allowPositionals: true; strict: true }>
>;

/** Whom a command asks, and where it prints. */
export type Surroundings = {
  target: Target;
  terminal: Terminal;
  /** Prints one line for people, with nothing in it that could steer a terminal. */
  say(line: string): void;
};

/** What the body of a command is given. */
export type Call<O extends Options> = Surroundings & {
  values: Parsed<O>['values'];
  /** The arguments that are no options. */
  names: string[];
};

type Definition<O extends Options> = {
  name: string;
  help: string;
  options: O;
  /** How many arguments that are no options there are, and what they are called: `RUN`. */
  takes: { min: number; max: number; called: string };
  body(call: Call<O>): Promise<number>;
};

/** A command with the options and the exit codes that all have. */
export const define =
  <const O extends Options>({ name, help, options, takes, body }: Definition<O>): Command =>
  async (args, terminal) => {
    const say = (line: string) => terminal.error(`${printable(line)}\n`);
    try {
      const { values, positionals: names } = parse(args, options);
      const common = values as { url?: string; help?: boolean };
      if (common.help) {
        terminal.out(help);
        return EXIT.ok;
      }
      if (names.length < takes.min || names.length > takes.max) {
        throw new Misused(`It takes ${takes.called}.`);
      }
      const target = { url: urlOf(common.url ?? terminal.url), key: terminal.key };
      return await body({ values, names, target, terminal, say });
    } catch (error) {
      if (error instanceof Misused) {
        say(`tunix-rt ${name}: ${error.message}`);
        terminal.error(`\n${help}`);
        return EXIT.usage;
      }
      const isRefused = error instanceof Refused;
      if (!isRefused && !(error instanceof Unreachable)) throw error;
      say(`tunix-rt ${name}: ${error.message}`);
      if (!isRefused) return EXIT.unreachable;
      return WRONG_NAMES.includes(error.code) ? EXIT.usage : EXIT.refused;
    }
  };

function parse<O extends Options>(args: string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args, options: { ...options, ...COMMON }, allowPositionals: true });
  } catch (error) {
    throw new Misused((error as Error).message);
  }
}

/** @throws Misused */
function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Misused('--url takes an http address.');
}

/** The number an option says, or undefined without it. @throws Misused */
export function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new Misused(`--${name} takes a number.`);
}

/** The object an option says as YAML, of which JSON is a part. @throws Misused */
export function objectOf(name: string, text: string): object;
export function objectOf(name: string, text: string | undefined): object | undefined;
export function objectOf(name: string, text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    // What follows shows the line, which the shell may have quoted otherwise.
    const [said = ''] = (error as Error).message.split(/:?\n/);
    throw new Misused(`--${name} takes an object as JSON or YAML: ${said}.`);
  }
  if (isObject(value)) return value;
  throw new Misused(`--${name} takes an object as JSON or YAML.`);
}

/** What is given, without what is undefined, so that the server's defaults hold. */
export const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** One JSON document on a line. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;
