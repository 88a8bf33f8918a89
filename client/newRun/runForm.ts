/**
 * The form of a new run as text, and the way to the API's input and back. An empty field is left
 * out: defaults belong to the server, which shows them in the resolved configuration.
 */

import type { CreateRunInput, RunMode } from '../gql/graphql.ts';
import { isObject } from '../lib/isObject.ts';
import { parseAdvanced } from './advanced.ts';

const HYPERPARAMETERS = [
  'learningRate',
  'numEpochs',
  'maxSteps',
  'batchSize',
  'maxSeqLength',
  'weightDecay',
  'seed',
  'evalEverySteps',
  'saveEverySteps',
  'maxNewTokens',
] as const;

const RUN_NUMBERS = [
  'timeoutSeconds',
  'priority',
  'maxAttempts',
  'evaluateEverySteps',
  'evaluateItems',
] as const;

type Hyperparameter = (typeof HYPERPARAMETERS)[number];
type RunNumber = (typeof RUN_NUMBERS)[number];

export type RunForm = Record<Hyperparameter | RunNumber, string> & {
  name: string;
  datasetKey: string;
  /** Empty for the TEST side of the dataset. */
  evaluationSetKey: string;
  modelId: string;
  mode: RunMode;
  loraRank: string;
  loraAlpha: string;
  loraModulePath: string;
  /** Devices: parts of the batch and the weights, and parts of heads and MLP. */
  fsdp: string;
  tp: string;
  requiredLabels: string[];
  retryOnFailure: boolean;
  /** Keys of the Tunix config, as JSON. */
  advanced: string;
};

/** The fields that are written rather than chosen. */
export type TextField = {
  [Field in keyof RunForm]: string extends RunForm[Field] ? Field : never;
}[keyof RunForm];

export const emptyRunForm: RunForm = {
  name: '',
  datasetKey: '',
  evaluationSetKey: '',
  modelId: '',
  mode: 'LOCAL',
  learningRate: '',
  numEpochs: '',
  maxSteps: '',
  batchSize: '',
  maxSeqLength: '',
  weightDecay: '',
  seed: '',
  evalEverySteps: '',
  saveEverySteps: '',
  maxNewTokens: '',
  loraRank: '',
  loraAlpha: '',
  loraModulePath: '',
  fsdp: '',
  tp: '',
  requiredLabels: [],
  retryOnFailure: false,
  advanced: '',
  timeoutSeconds: '',
  priority: '',
  maxAttempts: '',
  evaluateEverySteps: '',
  evaluateItems: '',
};

/** Where an issue of the API belongs in the form. */
export const FIELD_OF_PATH: Readonly<Record<string, keyof RunForm>> = {
  name: 'name',
  datasetKey: 'datasetKey',
  evaluationSetKey: 'evaluationSetKey',
  modelId: 'modelId',
  mode: 'mode',
  'hyperparameters.lora': 'loraRank',
  'hyperparameters.lora.rank': 'loraRank',
  'hyperparameters.lora.alpha': 'loraAlpha',
  'hyperparameters.lora.modulePath': 'loraModulePath',
  'hyperparameters.mesh': 'fsdp',
  'hyperparameters.mesh.fsdp': 'fsdp',
  'hyperparameters.mesh.tp': 'tp',
  requiredLabels: 'requiredLabels',
  retryOnFailure: 'retryOnFailure',
  ...Object.fromEntries(HYPERPARAMETERS.map((name) => [`hyperparameters.${name}`, name])),
  ...Object.fromEntries(RUN_NUMBERS.map((name) => [name, name])),
};

const NUMBERS: readonly (keyof RunForm)[] = [
  ...HYPERPARAMETERS,
  ...RUN_NUMBERS,
  ...(['loraRank', 'loraAlpha', 'fsdp', 'tp'] as const),
];

/** Whether the API takes a number for it. */
export const isNumberField = (field: keyof RunForm): boolean => NUMBERS.includes(field);

export type FormErrors = Partial<Record<keyof RunForm, string>>;

/**
 * The API's input, or which fields cannot be read: what is no number, and what is no JSON (the only
 * rules the client has by itself).
 */
export function toInput(form: RunForm): { input: CreateRunInput; errors: FormErrors } {
  const errors: FormErrors = {};
  const numberOf = (field: TextField): number | undefined => {
    const text = form[field].trim();
    if (text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    errors[field] = 'This is not a number';
    return undefined;
  };
  const numbers = <Name extends TextField>(names: readonly Name[]) =>
    Object.fromEntries(
      names.map((name) => [name, numberOf(name)]).filter(([, value]) => value !== undefined),
    ) as Partial<Record<Name, number>>;

  const rank = numberOf('loraRank');
  const alpha = numberOf('loraAlpha');
  if (rank !== undefined && alpha === undefined) errors.loraAlpha ??= 'Needed with a rank';
  const lora =
    rank === undefined || alpha === undefined
      ? undefined
      : { rank, alpha, modulePath: form.loraModulePath.trim() || undefined };
  const fsdp = numberOf('fsdp');
  const tp = numberOf('tp');
  // One of the two is enough: the other is not divided.
  const mesh =
    fsdp === undefined && tp === undefined ? undefined : { fsdp: fsdp ?? 1, tp: tp ?? 1 };
  const advanced = parseAdvanced(form.advanced);
  if (advanced.fault) errors.advanced = advanced.fault;
  const input: CreateRunInput = {
    name: form.name.trim() || undefined,
    datasetKey: form.datasetKey.trim(),
    evaluationSetKey: form.evaluationSetKey || undefined,
    modelId: form.modelId.trim(),
    mode: form.mode,
    hyperparameters: {
      ...numbers(HYPERPARAMETERS),
      ...(lora && { lora }),
      ...(mesh && { mesh }),
    },
    ...(advanced.value && { advanced: advanced.value }),
    ...numbers(RUN_NUMBERS),
    ...(form.requiredLabels.length > 0 && { requiredLabels: form.requiredLabels }),
    ...(form.retryOnFailure && { retryOnFailure: true }),
  };
  return { input, errors };
}

const textOf = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : '';

/** A stored configuration back into the form; what it does not know stays empty. */
export function fromConfig(config: unknown): Partial<RunForm> {
  if (!isObject(config)) return {};
  const hyper = isObject(config.hyperparameters) ? config.hyperparameters : config;
  const lora = isObject(hyper.lora) ? hyper.lora : {};
  const mesh = isObject(hyper.mesh) ? hyper.mesh : {};
  return {
    ...Object.fromEntries(HYPERPARAMETERS.map((name) => [name, textOf(hyper[name])])),
    // What a run resolved to is what its copy asks for.
    maxSteps: textOf(hyper.maxSteps),
    ...Object.fromEntries(RUN_NUMBERS.map((name) => [name, textOf(config[name])])),
    loraRank: textOf(lora.rank),
    loraAlpha: textOf(lora.alpha),
    loraModulePath: textOf(lora.modulePath),
    fsdp: textOf(mesh.fsdp),
    tp: textOf(mesh.tp),
    advanced: isObject(config.advanced) ? JSON.stringify(config.advanced, null, 2) : '',
  };
}

/** What the fields that are left empty stand for, as the server resolved them. */
export const defaultsOf = (preview: {
  config: unknown;
  timeoutSeconds: number;
  priority: number;
  maxAttempts: number;
}): Partial<RunForm> => ({
  ...fromConfig(preview.config),
  timeoutSeconds: String(preview.timeoutSeconds),
  priority: String(preview.priority),
  maxAttempts: String(preview.maxAttempts),
});
