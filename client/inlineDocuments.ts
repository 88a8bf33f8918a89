/**
 * Puts the text of each operation, with the fragments it needs, where it is used.
 *
 * The generated map holds every document of the UI as a syntax tree in one module, so the first
 * page would load the operations of all others. Fragments by themselves are types only.
 *
 * A build writes the documents as they reach the server to `operations.json`, by their SHA-256, and
 * the pages send that alone. A page of the development server sends texts: they change by the minute.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
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

/** What reaches the server of an operation: as the cache sends it, with the type of every object. */
export function persistedDocument(text: string): { hash: string; document: string } {
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
  const whole = visit(parse(text), {
    SelectionSet(set, _key, parent) {
      const isRoot = parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
      const isThere = set.selections.some(
        (each) => each.kind === Kind.FIELD && each.name.value === '__typename' && !each.alias,
      );
      return isRoot || isThere ? undefined : { ...set, selections: [...set.selections, typename] };
    },
  });
  const document = stripIgnoredCharacters(print(whole));
  return { hash: createHash('sha256').update(document).digest('hex'), document };
}

export function inlineDocuments(): Plugin {
  let root = '';
  let isBuild = false;
  const documents = new Map<string, string>();
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
      isBuild = config.command === 'build';
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
      const inlined = code.replace(CALL, (_call, source: string) => {
        if (FRAGMENT.test(source)) return '{}';
        const text = completeDocument(source, known);
        if (!isBuild) return JSON.stringify(text);
        const { hash, document } = persistedDocument(text);
        documents.set(hash, document);
        return `persisted(${JSON.stringify(text)}, '${hash}')`;
      });
      const from = JSON.stringify(join(root, 'lib/persisted.ts'));
      return {
        code: isBuild ? `import { persisted } from ${from};\n${inlined}` : inlined,
        map: null,
      };
    },
    generateBundle() {
      const source = JSON.stringify(Object.fromEntries([...documents].toSorted()));
      this.emitFile({ type: 'asset', fileName: 'operations.json', source });
    },
  };
}
