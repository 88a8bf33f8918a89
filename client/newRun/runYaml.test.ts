import { describe, expect, it } from 'vitest';
import { emptyRunForm, type RunForm, toInput } from './runForm.ts';
import { readYaml, toYaml } from './runYaml.ts';

const FORM: RunForm = {
  ...emptyRunForm,
  ...{
    name: 'no: 7',
    datasetKey: 'sums-v1',
    evaluationSetKey: 'held-out-1',
    modelId: 'qwen3-tiny',
  },
  ...{ mode: 'DRY_RUN', learningRate: '0.00002', batchSize: '8', maxSteps: '100', seed: '0' },
  ...{ loraRank: '4', loraAlpha: '8', loraModulePath: '.*q_proj', fsdp: '2', tp: '1' },
  ...{ requiredLabels: ['gpu', '80g'], retryOnFailure: true, priority: '-5', timeoutSeconds: '60' },
  advanced: JSON.stringify({ optimizer_config: { b2: 0.95, nesterov: true } }, null, 2),
};

const faultsOf = (text: string) =>
  readYaml(text).faults.map(({ path, message, place }) => [place?.line, path, message]);

describe('a form as YAML', () => {
  it('is the request of the API, and comes back as the same form', () => {
    expect(toYaml(FORM)).toContain('hyperparameters:\n  learningRate: 0.00002\n');
    expect(readYaml(toYaml(FORM))).toMatchObject({ form: FORM, faults: [] });
  });

  it('has no field that was left empty', () => {
    const form = { ...emptyRunForm, datasetKey: 'sums-v1', modelId: 'tiny' };
    const text = 'datasetKey: sums-v1\nmodelId: tiny\nmode: LOCAL\nhyperparameters: {}\n';
    expect(toYaml(form)).toBe(text);
    expect(readYaml(text).form).toEqual(form);
  });
});

describe('YAML as a form', () => {
  it('takes comments, anchors, and what is left out or says nothing', () => {
    const { form, faults } = readYaml(
      'datasetKey: &key sums-v1 # the small one\nname: *key\nmodelId: tiny\nretryOnFailure: false\n' +
        'hyperparameters:\n  mesh: { fsdp: 2 }\npriority:\nrequiredLabels: []\n',
    );
    expect(faults).toEqual([]);
    expect(form && toInput(form).input).toMatchObject({
      ...{ datasetKey: 'sums-v1', name: 'sums-v1', mode: 'LOCAL' },
      hyperparameters: { mesh: { fsdp: 2, tp: 1 } },
    });
  });

  it('is JSON too', () => {
    expect(readYaml('{"datasetKey": "a", "hyperparameters": {"seed": 3}}').form?.seed).toBe('3');
  });

  it.each([
    ['name: 7', 'name', 'Write a text, in quotes when it looks like a number'],
    ['datasetKey: [a]', 'datasetKey', 'Write a text, in quotes when it looks like a number'],
    ['mode: EXTERNAL', 'mode', 'Write LOCAL or DRY_RUN'],
    ['retryOnFailure: maybe', 'retryOnFailure', 'Write true or false'],
    ['requiredLabels: gpu', 'requiredLabels', 'Write a list of labels: [gpu]'],
    ['requiredLabels: [gpu, 80]', 'requiredLabels', 'Write a list of labels: [gpu]'],
    ['priority: "5"', 'priority', 'Write a number, without quotes'],
    ['priority: true', 'priority', 'Write a number, without quotes'],
    ['batchSize: 8', 'batchSize', 'Write it below hyperparameters'],
    ['rank: 8', 'rank', 'Write it below hyperparameters.lora'],
    ['hyperparameters: 8', 'hyperparameters', 'Write fields below it'],
    ['advanced: 8', 'advanced', 'Write fields below it'],
    [
      'optimizer: adam',
      'optimizer',
      'There is no such field; keys of the Tunix config go below advanced',
    ],
  ])('loses nothing in silence: %s', (line, path, message) => {
    const read = readYaml(`modelId: tiny\n${line}\n`);
    expect(read.form).toBeUndefined();
    expect(faultsOf(`modelId: tiny\n${line}\n`)).toEqual([[2, path, message]]);
  });

  it('names the field of a number that is none, and what a rank needs', () => {
    expect(faultsOf('hyperparameters:\n  seed: .nan\n')).toEqual([
      [2, 'hyperparameters.seed', 'This is not a number'],
    ]);
    expect(faultsOf('hyperparameters:\n  lora:\n    rank: 4\n')).toEqual([
      [3, 'hyperparameters.lora.alpha', 'Needed with a rank'],
    ]);
  });

  it.each([
    ['a: [1', 'a closing bracket'],
    ['a: 1\na: 2', 'a key that stands twice'],
    ['\tname: x', 'a tab'],
  ])('says where it is no YAML: %j, %s', (text) => {
    const { form, faults } = readYaml(text);
    expect(form).toBeUndefined();
    expect(faults[0]?.place?.line).toBeGreaterThan(0);
  });

  it.each(['- a', 'text', '7', 'name: *nobody'])('is no request: %s', (text) => {
    const { form, faults } = readYaml(text);
    expect(form).toBeUndefined();
    expect(faults).toHaveLength(1);
  });

  it('is empty before anything is written', () => {
    expect(readYaml('')).toMatchObject({ form: emptyRunForm, faults: [] });
  });

  it('has what the server says at its place, or at what is above it', () => {
    const text = 'modelId: tiny\nhyperparameters:\n  batchSize: 9\n';
    const { placeOf } = readYaml(text);
    const paths = ['hyperparameters.batchSize', 'hyperparameters.seed', 'datasetKey'];
    expect(paths.map((path) => placeOf(path)?.line)).toEqual([3, 3, undefined]);
  });
});
