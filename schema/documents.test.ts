/** What the README, the guides and the notebook tell people to type works on this schema. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from './index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const GUIDES = ['README.md', 'SECURITY.md', '.github/CONTRIBUTING.md'].concat(
  readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The blocks of a language in a text of Markdown, each with the file it stands in. */
const blocks = (language: string): [string, string][] =>
  GUIDES.flatMap((path) =>
    [...read(path).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
      (match, i): [string, string] => [`${path} ${i + 1}`, match[1] ?? ''],
    ),
  );

describe('the guides', () => {
  test.for(blocks('graphql'))('have a valid operation in %s', ([, source]) => {
    expect(validate(schema, parse(source))).toEqual([]);
  });

  test.for(GUIDES)('link to files that are there from %s', (path) => {
    const targets = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const files = targets.filter((target) => !/^(https?:|#)/.test(target));
    const missing = files.filter(
      (target) => !existsSync(join(ROOT, dirname(path), target.replace(/#.*$/, ''))),
    );
    expect(missing).toEqual([]);
  });

  test('name npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = GUIDES.flatMap((path) =>
      [...read(path).matchAll(/npm run (?:-s )?([a-z][a-z0-9:-]*)/g)].map(
        ([, script = '']) => script,
      ),
    );
    expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
  });
});
