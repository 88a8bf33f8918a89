/**
 * The request of a new run as YAML, and back: the fields of CreateRunInput, as `createRun` of the API and
 * `tunix-rt run --input` take them. Pure.
 */
import { isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { isObject } from '../lib/isObject.ts';
import { leavesOf } from '../lib/leaves.ts';
import {
  emptyRunForm,
  FIELD_OF_PATH,
  type FormErrors,
  fromConfig,
  isNumberField,
  type RunForm,
  toInput,
} from './runForm.ts';
import type { TextFault } from './TextEditor.tsx';

type Request = Record<string, unknown>;
type Fault = { path: string; message: string };

export type ReadYaml = {
  /** What the text stands for; nothing when it has faults. */
  form?: RunForm;
  faults: TextFault[];
  /** Where a path, or what is above it, stands in the text. */
  placeOf: (path: string) => TextFault['place'];
};

/** Without what is undefined, which neither JSON nor YAML has. */
const requestOf = (form: RunForm): Request => JSON.parse(JSON.stringify(toInput(form).input));

export const toYaml = (form: RunForm): string => stringify(requestOf(form));

/** The form that a text stands for, or why it stands for none. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeFrom = (start: number, end: number) => ({
    line: lines.linePos(start).line,
    start,
    end,
  });
  const placeOf: ReadYaml['placeOf'] = (path) => {
    for (let keys = path.split('.'); keys.length > 0; keys = keys.slice(0, -1)) {
      const node = document.getIn(keys, true);
      if (isNode(node) && node.range) return placeFrom(node.range[0], node.range[1]);
    }
    return undefined;
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, pos }) => ({
      ...{ path: '', message, place: placeFrom(...pos) },
    }));
    return { faults, placeOf };
  }
  let request: unknown;
  try {
    request = document.toJS() ?? {};
  } catch (error) {
    // Aliases that name nothing, or too many.
    return { faults: [{ path: '', message: (error as Error).message }], placeOf };
  }
  if (!isObject(request)) {
    return {
      faults: [{ path: '', message: 'Write fields, such as datasetKey: sums-v1' }],
      placeOf,
    };
  }
  const form = formOf(request);
  const faults = faultsOf(request, form).map((fault) => ({ ...fault, place: placeOf(fault.path) }));
  return faults.length > 0 ? { faults, placeOf } : { form, faults, placeOf };
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function formOf(request: Request): RunForm {
  const { hyperparameters, requiredLabels: labels } = request;
  return {
    ...emptyRunForm,
    ...fromConfig({
      ...request,
      hyperparameters: isObject(hyperparameters) ? hyperparameters : {},
    }),
    name: stringOf(request.name),
    datasetKey: stringOf(request.datasetKey),
    evaluationSetKey: stringOf(request.evaluationSetKey),
    modelId: stringOf(request.modelId),
    mode: request.mode === 'DRY_RUN' ? 'DRY_RUN' : 'LOCAL',
    requiredLabels: Array.isArray(labels)
      ? labels.filter((label) => typeof label === 'string')
      : [],
    retryOnFailure: request.retryOnFailure === true,
  };
}

/**
 * Faults of a request: every value that the form would lose or change. So nothing that was written is
 * left out in silence.
 */
function faultsOf(request: Request, form: RunForm): Fault[] {
  const unreadable = byPath(toInput(form).errors);
  if (unreadable.length > 0) return unreadable;
  const kept = leavesOf(requestOf(form));
  const isKept = (path: string, value: unknown) =>
    // No value is a field that is left out, and `false` is what it is then.
    value === null ||
    value === '' ||
    (path === 'retryOnFailure' && value === false) ||
    (Array.isArray(value) && value.length === 0) ||
    JSON.stringify(kept.get(path)) === JSON.stringify(value);
  return [...leavesOf(request)]
    .filter(([path, value]) => !isKept(path, value))
    .map(([path]) => ({ path, message: remedyOf(path) }));
}

/** What a field wants that was given something else; an unknown one is said to be. */
function remedyOf(path: string): string {
  const known = Object.keys(FIELD_OF_PATH);
  if (path === 'advanced' || known.some((one) => one.startsWith(`${path}.`))) {
    return 'Write fields below it';
  }
  const field = FIELD_OF_PATH[path];
  if (field === undefined) {
    const meant = known.find((one) => one.endsWith(`.${path}`));
    if (meant) return `Write it below ${meant.slice(0, -path.length - 1)}`;
    return 'There is no such field; keys of the Tunix config go below advanced';
  }
  if (isNumberField(field)) return 'Write a number, without quotes';
  if (field === 'mode') return 'Write LOCAL or DRY_RUN';
  if (field === 'retryOnFailure') return 'Write true or false';
  if (field === 'requiredLabels') return 'Write a list of labels: [gpu]';
  return 'Write a text, in quotes when it looks like a number';
}

/** The path of a field as the API names it. */
const pathOf = (field: string): string =>
  Object.keys(FIELD_OF_PATH).findLast((path) => FIELD_OF_PATH[path] === field) ?? field;

/** Errors of fields by their paths. */
export const byPath = (errors: FormErrors): Fault[] =>
  Object.entries(errors).map(([field, message]) => ({ path: pathOf(field), message }));
