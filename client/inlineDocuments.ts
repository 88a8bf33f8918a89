/**
 * Puts the text of each operation, with the fragments it needs, where it is used.
 *
 * The generated map holds every document of the UI as a syntax tree in one module, so the first
 * page would load the operations of all others. Fragments by themselves are types only.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const CALL = /\bgraphql\(\s*`([^`]*)`\s*,?\s*\)/g;
const FRAGMENT = /^\s*fragment\s+(\w+)/;
const SPREAD = /\.\.\.\s*(?!on\b)(\w+)/g;

const minify = (text: string) =>
  text
    .replace(/#.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{}():,!=[\]])\s*/g, '$1')
    .trim();

/** The operation and, once each, all fragments it reaches. */
export function completeDocument(text: string, fragments: ReadonlyMap<string, string>): string {
  const reached = new Map<string, string>();
  const visit = (source: string) => {
    for (const [, name = ''] of source.matchAll(SPREAD)) {
      if (reached.has(name)) continue;
      const fragment = fragments.get(name);
      if (fragment === undefined) throw new Error(`No fragment ${name} in the client`);
      reached.set(name, fragment);
      visit(fragment);
    }
  };
  visit(text);
  return [text, ...reached.values()].map(minify).join(' ');
}

export function collectFragments(sources: readonly string[]): Map<string, string> {
  const fragments = new Map<string, string>();
  for (const source of sources) {
    for (const [, text = ''] of source.matchAll(CALL)) {
      const name = FRAGMENT.exec(text)?.[1];
      if (name) fragments.set(name, text);
    }
  }
  return fragments;
}

export function inlineDocuments(): Plugin {
  let root = '';
  const read = () =>
    collectFragments(
      globSync('**/*.{ts,tsx}', { cwd: root, exclude: ['gql/**', 'dist/**'] }).map((file) =>
        readFileSync(join(root, file), 'utf8'),
      ),
    );
  let fragments: Map<string, string> | undefined;
  return {
    name: 'tunix-rt:inline-documents',
    enforce: 'pre',
    configResolved: (config) => {
      root = config.root;
    },
    buildStart: () => {
      fragments = read();
    },
    // A changed fragment changes the operations of other files: read again, all of them.
    handleHotUpdate: () => {
      fragments = undefined;
    },
    transform(code, id) {
      // With the calls gone nobody reads the generated map; without this it would still be shipped.
      if (/\/gql\/\w+\.ts$/.test(id)) return { code, map: null, moduleSideEffects: false };
      if (!/\.tsx?$/.test(id) || !code.includes('graphql(')) return null;
      fragments ??= read();
      const known = fragments;
      return {
        code: code.replace(CALL, (_call, text: string) =>
          FRAGMENT.test(text) ? '{}' : JSON.stringify(completeDocument(text, known)),
        ),
        map: null,
      };
    },
  };
}
