/**
 * What Tunix would make of the `advanced` keys of a run: what fails is refused, what is silently
 * ignored is warned of. Checked against the sources of Tunix 0.1.7 (cli/config.py) and optax.
 */
import type { Issue } from '../../errors.ts';
import {
  type Advanced,
  OPTIMIZERS,
  type OptimizerName,
  SCHEDULES,
  type ScheduleName,
} from '../advanced.ts';
import type { RunWarning } from '../model.ts';

export type Advice = { issues: Issue[]; warnings: RunWarning[] };

type Optimizer = NonNullable<Advanced['optimizer_config']>;

const dead = (key: string, why: string): RunWarning => ({
  code: 'DEAD_KEY',
  message: `advanced.${key} has no effect: ${why}`,
});

/** Keys that nothing reads, and why. */
const DEAD: Record<string, string> = {
  'optimizer_config.max_grad_norm': 'Tunix clips no gradients.',
  'optimizer_config.warmup_ratio': 'use a schedule with warmup_steps.',
  'model_config.use_flash_attn': 'the key is use_flash_attention.',
  'model_config.use_sliding_window_kv_cache': 'no model that can be trained here has a window.',
  num_test_batches: 'nothing reads it; the TEST side is always judged whole.',
};

/** Everything to say of the `advanced` keys. `learningRate` is the one asked for, if any. */
export function adviseAdvanced(
  advanced: Advanced | undefined,
  asked: { learningRate: number | null; weightDecay: number },
): Advice {
  const optimizer = adviseOptimizer(advanced?.optimizer_config ?? {}, asked);
  const model = advanced?.model_config ?? {};
  const warnings = Object.entries(DEAD)
    .filter(([path]) => isGiven(advanced, path.split('.')))
    .map(([path, why]) => dead(path, why));
  if (model.flash_attention_block_size !== undefined && !model.use_flash_attention) {
    warnings.push(dead('model_config.flash_attention_block_size', 'use_flash_attention is off.'));
  }
  return { issues: optimizer.issues, warnings: [...optimizer.warnings, ...warnings] };
}

const isGiven = (value: unknown, [key, ...rest]: string[]): boolean =>
  key === undefined
    ? value !== undefined
    : typeof value === 'object' &&
      value !== null &&
      isGiven((value as Record<string, unknown>)[key], rest);

function adviseOptimizer(
  given: Optimizer,
  { learningRate, weightDecay }: { learningRate: number | null; weightDecay: number },
): Advice {
  const name: OptimizerName = given.opt_type ?? 'adamw';
  const reads: readonly string[] = OPTIMIZERS[name];
  const schedule = given.schedule_type;
  const warnings: RunWarning[] = [];
  const issues = schedule ? missingOf(schedule, given) : [];
  const used: readonly string[] = [
    'opt_type',
    'schedule_type',
    ...reads,
    ...(schedule ? [...SCHEDULES[schedule].needs, ...SCHEDULES[schedule].takes] : []),
  ];
  for (const key of Object.keys(given)) {
    const path = `optimizer_config.${key}`;
    if (used.includes(key) || Object.hasOwn(DEAD, path)) continue;
    const whose = schedule
      ? `neither ${name} nor ${schedule} reads it.`
      : `${name} has no such key.`;
    warnings.push(dead(path, whose));
  }
  if (weightDecay > 0 && !reads.includes('weight_decay')) {
    warnings.push({
      code: 'DEAD_KEY',
      message:
        `hyperparameters.weightDecay has no effect: ${name} decays no weights. Set it to 0, or use ` +
        'adamw or lion.',
    });
  }
  if (schedule && learningRate !== null) {
    warnings.push({
      code: 'SCHEDULE_IGNORED',
      message:
        `hyperparameters.learningRate is given, so Tunix ignores ${schedule} and trains with ` +
        `${learningRate} throughout. Leave learningRate out to have the schedule.`,
    });
  }
  return { issues, warnings };
}

/** What the schedule needs to be made at all. */
function missingOf(schedule: ScheduleName, given: Optimizer): Issue[] {
  const refuse = (key: string, code: string, message: string): Issue => ({
    path: ['advanced', 'optimizer_config', key],
    code,
    message: `advanced.optimizer_config.${key}: ${message}`,
  });
  const missing = SCHEDULES[schedule].needs
    .filter((key) => !Object.hasOwn(given, key))
    .map((key) => refuse(key, 'REQUIRED', `${schedule} needs it. Add it.`));
  const { warmup_steps: warmup, decay_steps: decay } = given;
  if (
    schedule === 'warmup_cosine_decay_schedule' &&
    warmup !== undefined &&
    decay !== undefined &&
    decay <= warmup
  ) {
    const message = `${decay} is not more than warmup_steps ${warmup}, which it includes. Raise it.`;
    missing.push(refuse('decay_steps', 'TOO_SMALL', message));
  }
  return missing;
}
