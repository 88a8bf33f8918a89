/**
 * Which modules of a model a LoRA pattern adapts. Tunix matches it with Python's `re.fullmatch`
 * (qwix, qconfig.py) and would train all weights without a word when nothing matches. Here RE2
 * matches, in time linear in the name; what only Python understands is left to the training.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Issue } from '../../errors.ts';
import { type Architecture, adaptableModules, type Module } from '../../tunix/architecture.ts';
import type { RunConfig, RunWarning } from '../model.ts';

type Lora = NonNullable<RunConfig['hyperparameters']['lora']>;

export type LoraMatch = {
  /** The modules that are adapted; null when that is not known. */
  modules: Module[] | null;
  issues: Issue[];
  warnings: RunWarning[];
};

/** RE2 says these of patterns that Python refuses, too. */
const BROKEN = [
  'missing closing )',
  'missing closing ]',
  'unexpected )',
  'missing argument to repetition operator',
  'trailing backslash at end of expression',
  'invalid character class range',
];

/** Allowed in both, with another meaning: classes by name, quoting, flags in the middle. */
const DIFFERENT = /\\[pPQEzC]|\[\[:|\\x\{|.\(\?[a-zA-Z]+\)|\(\?[a-zA-Z-]*U/s;

/** Module names for a message: one layer is enough to learn from. */
const examples = (architecture: Architecture): string =>
  adaptableModules(architecture)
    .filter(({ path }) => !/^layers\/[1-9]/.test(path))
    .map(({ path }) => path)
    .join(', ');

/** Matches a pattern against a model; `architecture` is null when its shape is not known. */
export function matchLora({ modulePath }: Lora, architecture: Architecture | null): LoraMatch {
  const refuse = (code: string, message: string): LoraMatch => {
    const path = ['hyperparameters', 'lora', 'modulePath'];
    const issue = { path, code, message: `${path.join('.')}: ${message}`, found: modulePath };
    return { modules: null, issues: [issue], warnings: [] };
  };
  const unchecked = (why: string): LoraMatch => ({
    modules: null,
    issues: [],
    warnings: [
      {
        code: 'LORA_PATTERN_UNCHECKED',
        message:
          `Whether the LoRA pattern matches a module is seen only when the training starts: ${why}. ` +
          'It fails then if nothing matches.',
      },
    ],
  });
  if (modulePath.includes('${')) {
    return refuse('INTERPOLATION', 'contains "${", which Tunix would replace. Remove it.');
  }
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(modulePath);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const fault = error.getDescription() ?? error.message;
    if (BROKEN.includes(fault)) {
      return refuse('INVALID_PATTERN', `is no regular expression: ${fault}. Correct it.`);
    }
    return unchecked(`it uses what only Python understands (${fault})`);
  }
  if (DIFFERENT.test(modulePath)) return unchecked('Python may read it otherwise');
  if (!architecture) return unchecked('the config.json of the model does not say its shape');
  const modules = adaptableModules(architecture).filter(({ path }) => pattern.matches(path));
  if (modules.length > 0) return { modules, issues: [], warnings: [] };
  return refuse(
    'NO_MODULE_MATCHES',
    'matches no module of the model that can be adapted. The whole name must match; modules are ' +
      `named like ${examples(architecture)}.`,
  );
}

/** Numbers in the adapters: each is two matrices, inputs × rank and rank × outputs. */
export const adapterParameters = (modules: readonly Module[], rank: number): number =>
  modules.reduce((sum, { inputs, outputs }) => sum + rank * (inputs + outputs), 0);
