/**
 * The request of a new run as YAML, and back: the fields of CreateRunInput, as `createRun` of the API and
 * `tunix-rt run --input` take them. Pure.
 */
import { type Document, isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { leavesOf } from '../runCompare/settings.ts';
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

/** Without what is undefined, which neither JSON nor YAML has. */
const requestOf = (form: RunForm): Request => JSON.parse(JSON.stringify(toInput(form).input));

export const toYaml = (form: RunForm): string => stringify(requestOf(form));

const isMap = (value: unknown): value is Request =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function formOf(request: Request): RunForm {
  const { hyperparameters, requiredLabels: labels } = request;
  return {
    ...emptyRunForm,
    ...fromConfig({ ...request, hyperparameters: isMap(hyperparameters) ? hyperparameters : {} }),
    name: textOf(request.name),
    datasetKey: textOf(request.datasetKey),
    evaluationSetKey: textOf(request.evaluationSetKey),
    modelId: textOf(request.modelId),
    mode: request.mode === 'DRY_RUN' ? 'DRY_RUN' : 'LOCAL',
    requiredLabels: Array.isArray(labels)
      ? labels.filter((label) => typeof label === 'string')
      : [],
    retryOnFailure: request.retryOnFailure === true,
  };
}

/** Where a path, or what is above it, stands in the text. */
function placeIn(document: Document, lines: LineCounter, path: string): TextFault['place'] {
  for (let keys = path.split('.'); keys.length > 0; keys = keys.slice(0, -1)) {
    const node = document.getIn(keys, true);
    if (isNode(node) && node.range) {
      const [start, end] = node.range;
      return { line: lines.linePos(start).line, start, end };
    }
  }
  return undefined;
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

/**
 * Faults of a request: every value that the form would lose or change. So nothing that was written is
 * left out in silence.
 */
function faultsOf(request: Request, form: RunForm): { path: string; message: string }[] {
  const errors: [string, string | undefined][] = Object.entries(toInput(form).errors);
  if (errors.length > 0) {
    return errors.map(([field, message]) => ({ path: pathOf(field), message: message ?? '' }));
  }
  const kept = leavesOf(requestOf(form));
  const isKept = (path: string, value: unknown) =>
    // No value is a field that is left out, and `false` is what it is then.
    value === null ||
    value === '' ||
    (path === 'retryOnFailure' && value === false) ||
    JSON.stringify(kept.get(path)) === JSON.stringify(value) ||
    (Array.isArray(value) && value.length === 0);
  return [...leavesOf(request)]
    .filter(([path, value]) => !isKept(path, value))
    .map(([path]) => ({ path, message: remedyOf(path) }));
}

/** The path of a field as the API names it. */
const pathOf = (field: string): string =>
  Object.keys(FIELD_OF_PATH).findLast((path) => FIELD_OF_PATH[path] === field) ?? field;

/** The form that a text stands for, or why it stands for none. */
export function readYaml(text: string): { form?: RunForm; faults: TextFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, pos: [start, end] }) => ({
      path: '',
      message,
      place: { line: lines.linePos(start).line, start, end },
    }));
    return { faults };
  }
  let request: unknown;
  try {
    request = document.toJS() ?? {};
  } catch (error) {
    // Aliases that name nothing, or too many.
    return { faults: [{ path: '', message: String(error) }] };
  }
  if (!isMap(request)) {
    return { faults: [{ path: '', message: 'Write fields, such as datasetKey: sums-v1' }] };
  }
  const form = formOf(request);
  const faults = faultsOf(request, form).map((fault) => ({
    ...fault,
    place: placeIn(document, lines, fault.path),
  }));
  return faults.length > 0 ? { faults } : { form, faults };
}

/** What the server says of a request, with its place in the text. */
export function placeFaults(
  text: string,
  faults: readonly { path: string; message: string }[],
): TextFault[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return faults.map((fault) => ({ ...fault, place: placeIn(document, lines, fault.path) }));
}

/** Errors of fields by their paths. */
export const byPath = (errors: FormErrors) =>
  Object.entries(errors).map(([field, message]) => ({ path: pathOf(field), message }));
