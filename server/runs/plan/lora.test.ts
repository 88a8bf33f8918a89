import { describe, expect, test } from 'vitest';
import { LORA_MODULES } from '../../tunix/config.ts';
import { hubModels } from '../../tunix/hub.ts';
import { adapterParameters, matchLora } from './lora.ts';

const models = hubModels({ cacheDir: '/cache' });
const shapeOf = (id: string) => models.find((model) => model.id === id)?.architecture ?? null;
const match = (modulePath: string, id = 'Qwen/Qwen3-0.6B') =>
  matchLora({ rank: 8, alpha: 16, modulePath }, shapeOf(id));

describe('matchLora', () => {
  test('adapts attention and MLP of every layer by default', () => {
    const { modules, issues, warnings } = match(LORA_MODULES);
    expect([issues, warnings]).toEqual([[], []]);
    expect(modules).toHaveLength(28 * 7);
  });

  test.for([
    ['.*attn/.*', 28 * 4],
    ['layers/[01]/mlp/(gate|up)_proj', 4],
    ['layers/0/attn/q_proj', 1],
    // The whole name must match.
    ['.*/mlp/.*_proj|q_proj', 28 * 3],
  ] as const)('takes %s for %i modules', ([pattern, expected]) => {
    expect(match(pattern).modules).toHaveLength(expected);
  });

  test('knows the head of a model that has one', () => {
    expect(match('lm_head', 'Qwen/Qwen3-8B').modules).toMatchObject([{ path: 'lm_head' }]);
    expect(match('lm_head').issues).toMatchObject([{ code: 'NO_MODULE_MATCHES' }]);
  });

  test('refuses a pattern without a match, with names to learn from', () => {
    const { modules, issues } = match('.*q_einsum');
    expect(modules).toBeNull();
    expect(issues).toMatchObject([
      {
        path: ['hyperparameters', 'lora', 'modulePath'],
        code: 'NO_MODULE_MATCHES',
        found: '.*q_einsum',
        message: expect.stringContaining('layers/0/attn/q_proj'),
      },
    ]);
  });

  test('refuses a part of a name, and a module that takes no adapter', () => {
    expect(match('q_proj').issues).toMatchObject([{ code: 'NO_MODULE_MATCHES' }]);
    expect(match('embedder|layers/0/attn').issues).toMatchObject([{ code: 'NO_MODULE_MATCHES' }]);
  });

  test.for(['(', '[a', 'a)', '*a', '\\', '[b-a]'])('refuses the broken pattern %s', (pattern) => {
    expect(match(pattern).issues).toMatchObject([{ code: 'INVALID_PATTERN' }]);
  });

  test('refuses what Tunix would replace by a setting', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what OmegaConf would fill in
    expect(match('.*q_proj|${oc.env:HOME}').issues).toMatchObject([{ code: 'INTERPOLATION' }]);
  });

  test.for(['(?!layers/0).*q_proj', '(.)\\1', '.*q_proj\\Z', '.*+', '\\pL*', 'a(?i)b'])(
    'leaves %s, which only Python can judge, to the training',
    (pattern) => {
      const { modules, issues, warnings } = match(pattern);
      expect([modules, issues]).toEqual([null, []]);
      expect(warnings).toMatchObject([{ code: 'LORA_PATTERN_UNCHECKED' }]);
    },
  );

  test('leaves a model of unknown shape to the training', () => {
    const { warnings } = matchLora({ rank: 8, alpha: 16, modulePath: '.*' }, null);
    expect(warnings).toMatchObject([{ code: 'LORA_PATTERN_UNCHECKED' }]);
  });

  test('answers at once where a backtracking matcher would not', () => {
    const before = performance.now();
    expect(match('(.*a)*(.*b)*(.*c)*x').issues).toMatchObject([{ code: 'NO_MODULE_MATCHES' }]);
    expect(match(`(${'(.*)*'.repeat(40)})z`).issues).toMatchObject([{ code: 'NO_MODULE_MATCHES' }]);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('adapterParameters', () => {
  test('are both sides of each matrix, as Tunix counts them', () => {
    const { modules } = match(LORA_MODULES);
    const [width, queries, keys, hidden] = [1024, 2048, 1024, 3072];
    const layer = 2 * (width + queries) + 2 * (width + keys) + 3 * (width + hidden);
    expect(adapterParameters(modules ?? [], 8)).toBe(28 * 8 * layer);
  });
});
