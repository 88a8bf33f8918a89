/**
 * What may import what, and what may be said where. Sources only: tests may reach anywhere.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Edge = { from: string; to: string; isType: boolean };
type Rule = { why: string; when: (edge: Edge) => unknown };

const ROOT = join(import.meta.dirname, '../..');

const isSource = (file: string) => !/generated\/|\/dist\/|\/gql\/|\.test\.tsx?$/.test(file);

const files = globSync(['*.ts', '{client,prisma,schema,server}/**/*.{ts,tsx}'], { cwd: ROOT })
  .filter(isSource)
  .toSorted();
const textOf = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

const IMPORTS = [
  /^(?:import|export)\s+(?<type>type\s)?[^'";]*?\bfrom\s+'(?<to>[^']+)'/gm,
  /^import\s+'(?<to>[^']+)'/gm,
  /\bimport\(\s*'(?<to>[^']+)'/g,
];

/** Every import and re-export of a file; a package by its name, a file by its path from the root. */
function importsOf(from: string, text: string): Edge[] {
  return IMPORTS.flatMap((form) => [...text.matchAll(form)]).flatMap(({ groups }) => {
    const { to = '', type } = groups ?? {};
    const target = to.startsWith('.') ? join(dirname(from), to) : to;
    return { from, to: target, isType: type !== undefined };
  });
}

const edges = [...textOf].flatMap(([file, text]) => importsOf(file, text));

const FEATURES = [
  'traces',
  'datasets',
  'evaluationSets',
  'renderPreviews',
  'logs',
  'runs',
  'evaluations',
  'predictions',
  'baselines',
  'provenance',
  'runners',
  'ungar',
  'access',
];
const featureOf = (file: string) =>
  FEATURES.find((feature) => file.startsWith(`server/${feature}/`));

/** Where a feature meets others: the only files of theirs it may import. */
const MEETINGS: Record<string, string[]> = {
  traces: [],
  evaluationSets: [],
  datasets: ['traces/filter.ts', 'traces/model.ts'],
  runs: [
    'datasets/checks/lengths.ts',
    'datasets/read.ts',
    'datasets/render.ts',
    'evaluationSets/read.ts',
    'evaluations/checkpoint.ts',
    'evaluations/evaluate.ts',
    'logs/opening.ts',
    'logs/writer.ts',
    'runners/read.ts',
  ],
  logs: ['runs/follow.ts', 'runs/lease.ts', 'runs/retry.ts', 'runs/states.ts', 'runs/status.ts'],
  predictions: [
    'evaluationSets/read.ts',
    'evaluations/evaluate.ts',
    'runs/external.ts',
    'runs/predictions.ts',
  ],
  renderPreviews: ['datasets/read.ts', 'datasets/render.ts', 'runners/read.ts', 'traces/model.ts'],
  evaluations: [
    'evaluationSets/read.ts',
    'runs/events.ts',
    'runs/status.ts',
    'traces/compareAlign.ts',
    'traces/compareValues.ts',
  ],
  baselines: [
    'evaluations/comparePairs.ts',
    'evaluations/compareSides.ts',
    'evaluations/compareSlices.ts',
    'evaluations/judges/registry.ts',
    'evaluations/measure.ts',
    'evaluations/model.ts',
  ],
  provenance: [],
  runners: ['access/runnerKey.ts'],
  ungar: ['traces/create.ts', 'traces/model.ts'],
  access: [],
};

/** Who knows Tunix, and which of its files; `runs` trains with it and may use all of it. */
const TUNIX: Record<string, string[]> = {
  'server/artifacts/folders.ts': ['config.ts'],
  'server/runners/register.ts': ['models.ts', 'runtime.ts'],
  'schema/runners.ts': ['models.ts'],
  'server/datasets/checks/model.ts': ['models.ts'],
  'server/datasets/checks/request.ts': ['requireModel.ts'],
  'server/datasets/checks/tokens.ts': ['requireModel.ts', 'runtime.ts', 'tokens.ts'],
  'server/renderPreviews/execute.ts': ['requireModel.ts', 'runtime.ts', 'tokens.ts'],
  'server/renderPreviews/request.ts': ['requireModel.ts'],
  'server/renderPreviews/tokenizer.ts': ['models.ts'],
};

const isFile = (path: string) => !path.startsWith('node:') && /\.tsx?$/.test(path);

const forbidden: Rule[] = [
  {
    why: 'what a runner does with a run is called by the runner alone',
    when: ({ from, to }) =>
      /^server\/runs\/attempt\//.test(to) &&
      !/^server\/(runs\/attempt\/|work\.ts$|test\/)/.test(from),
  },
  {
    why: 'runs do not depend on who waits and who is next; that depends on them',
    when: ({ from, to }) => /^server\/runs\/queue\//.test(to) && /^server\/runs\/[^/]+$/.test(from),
  },
  {
    why: 'the client knows the API by its generated types alone',
    when: ({ from, to }) => /^client\//.test(from) && /^(server|schema|prisma)\//.test(to),
  },
  {
    why: 'nothing knows the client',
    when: ({ from, to }) => /^(server|schema|prisma)\//.test(from) && /^client\//.test(to),
  },
  {
    why: 'only server/http knows the GraphQL schema',
    when: ({ from, to }) =>
      /^server\/(?!http\/)/.test(from) && /^(schema\/|graphql$|graphql-yoga|@pothos\/)/.test(to),
  },
  {
    why: 'the schema calls services: no HTTP, no execution, no database package',
    when: ({ from, to }) =>
      /^schema\//.test(from) && /^(server\/(http\/|runs\/execute|work|jobs)|pg$|pg-boss)/.test(to),
  },
  {
    why: 'server/http gets rows from services and the schema, not from Prisma types',
    when: ({ from, to }) => /^server\/http\//.test(from) && /^(prisma\/|@prisma\/)/.test(to),
  },
  {
    why: 'server/lib knows no feature',
    when: ({ from, to }) =>
      /^server\/lib\//.test(from) && isFile(to) && !/^server\/(lib\/|errors\.ts$)/.test(to),
  },
  {
    why: 'a feature gets what lives from its caller: of the root it imports errors and types',
    when: ({ from, to, isType }) =>
      featureOf(from) &&
      /^server\/[^/]+\.ts$/.test(to) &&
      !isType &&
      !(to === 'server/errors.ts' || (to === 'server/queue.ts' && basename(from) === 'job.ts')),
  },
  {
    why: 'features meet in named files',
    when: ({ from, to }) => {
      const [own, other] = [featureOf(from), featureOf(to)];
      if (!own || !other || own === other) return false;
      return !MEETINGS[own]?.includes(to.replace('server/', ''));
    },
  },
  {
    why: 'only what trains knows Tunix',
    when: ({ from, to }) =>
      /^server\/tunix\//.test(to) &&
      !/^server\/(tunix|runs)\//.test(from) &&
      !TUNIX[from]?.includes(basename(to)),
  },
  {
    why: 'Tunix knows no feature but the shape of a run',
    when: ({ from, to, isType }) =>
      /^server\/tunix\//.test(from) && featureOf(to) && !(isType && to === 'server/runs/model.ts'),
  },
  {
    why: 'processes are started by server/tunix, server/postgres and server/children.ts',
    when: ({ from, to }) =>
      to === 'node:child_process' &&
      !/^server\/(tunix\/|postgres\/|test\/|children\.ts)/.test(from),
  },
  {
    why: 'pg-boss is known to server/queue.ts alone',
    when: ({ from, to }) => to === 'pg-boss' && from !== 'server/queue.ts',
  },
];

const named = (found: Edge[]) => found.map(({ from, to }) => `${from} → ${to}`);

/** Lines of code, not of comments, that match. */
const linesWith = (pattern: RegExp, inside: (file: string) => boolean) =>
  [...textOf]
    .filter(([file]) => inside(file))
    .flatMap(([file, text]) =>
      text
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line) && pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );

/** A chain of imports from a file back to itself, if there is one. */
function cycleIn(graph: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return null;
}

describe('the boundaries', () => {
  test('see the code they guard', () => {
    const count = (folder: string) => files.filter((file) => file.startsWith(folder)).length;
    for (const feature of FEATURES) expect(count(`server/${feature}/`), feature).toBeGreaterThan(1);
    for (const part of ['http', 'lib', 'postgres', 'tunix']) {
      expect(count(`server/${part}/`), part).toBeGreaterThan(4);
    }
    expect(count('schema/')).toBeGreaterThan(10);
    expect(count('client/')).toBeGreaterThan(50);
    expect(edges.filter(({ to }) => isFile(to)).length).toBeGreaterThan(400);
    const unknown = edges.filter(({ to }) => isFile(to) && isSource(to) && !textOf.has(to));
    expect(named(unknown)).toEqual([]);
  });

  test('see every form of import', () => {
    const text = [
      "import { a,\n  b } from './one.ts';",
      "import type { C } from '../two.ts';",
      "import './three.ts';",
      "export { d } from 'package';",
      "const e = await import('./four.ts');",
    ].join('\n');
    expect(importsOf('server/x/y.ts', text)).toEqual([
      { from: 'server/x/y.ts', to: 'server/x/one.ts', isType: false },
      { from: 'server/x/y.ts', to: 'server/two.ts', isType: true },
      { from: 'server/x/y.ts', to: 'package', isType: false },
      { from: 'server/x/y.ts', to: 'server/x/three.ts', isType: false },
      { from: 'server/x/y.ts', to: 'server/x/four.ts', isType: false },
    ]);
  });

  test.for(forbidden)('$why', ({ when }) => {
    expect(named(edges.filter(when))).toEqual([]);
  });

  test.for(Object.entries(MEETINGS))('%s still imports all that it may', ([feature, allowed]) => {
    const used = edges.filter(({ from }) => featureOf(from) === feature).map(({ to }) => to);
    expect(allowed.filter((file) => !used.includes(`server/${file}`))).toEqual([]);
  });

  test('no file imports itself in a circle', () => {
    const values = edges.filter(({ isType }) => !isType);
    const graph = new Map(
      files.map((file) => [file, values.filter(({ from }) => from === file).map(({ to }) => to)]),
    );
    expect(cycleIn(graph)).toBeNull();
    const circle = { a: ['b'], b: ['c'], c: ['b'] };
    expect(cycleIn(new Map(Object.entries(circle)))).toEqual(['b', 'c', 'b']);
  });

  test('resolvers read and never write', () => {
    const write = /\.(create|update|delete|upsert)(Many\w*)?\(|\$(transaction|executeRaw)/;
    expect(linesWith(write, (file) => file.startsWith('schema/'))).toEqual([]);
    expect(linesWith(write, (file) => file.startsWith('server/runs/')).length).toBeGreaterThan(3);
  });

  test('only server/config.ts reads the environment', () => {
    const exempt = ['server/config.ts', 'server/test/globalSetup.ts', 'prisma.config.ts'];
    expect(linesWith(/process\.env\b/, (file) => !exempt.includes(file))).toEqual([]);
    for (const file of exempt) {
      expect(linesWith(/process\.env\b/, (each) => each === file).length, file).toBeGreaterThan(0);
    }
  });

  test('SQL has parameters: a text goes into it in one file, as constants of the code', () => {
    expect(linesWith(/\$(query|execute)RawUnsafe\b/, () => true)).toEqual([]);
    const raw = linesWith(/\bPrisma\.raw\b/, () => true);
    expect(raw.filter((line) => !line.startsWith('server/evaluations/finish.ts: '))).toEqual([]);
    const given = raw.flatMap((line) => [...line.matchAll(/\bPrisma\.raw(.{0,40})/g)]);
    expect(given.length).toBeGreaterThan(0);
    for (const [, rest] of given) expect(rest).toMatch(/^\([A-Z][A-Z_]+\)/);
  });

  test('there are no barrels but schema/index.ts', () => {
    expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual(['schema/index.ts']);
  });

  test('exports have names, except in config files', () => {
    const inSource = (file: string) => !/(\.config|^codegen|globalSetup)\.ts$/.test(basename(file));
    expect(linesWith(/^export default\b/, inSource)).toEqual([]);
    expect(linesWith(/^export default\b/, (file) => !inSource(file)).length).toBeGreaterThan(2);
  });
});
