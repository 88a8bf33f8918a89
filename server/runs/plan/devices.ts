/** Whether the mesh of a run fits the batch, the model and the runners that may take it. */
import type { Issue } from '../../errors.ts';
import type { Architecture } from '../../tunix/architecture.ts';
import type { Mesh, RunConfig, RunWarning } from '../model.ts';
import type { EligibleRunner } from './placement.ts';

type Checked = { issues: Issue[]; warnings: RunWarning[] };

const issue = (path: string[], code: string, message: string, found: number): Issue => ({
  path,
  code,
  message: `${path.join('.')}: ${message}`,
  found: String(found),
});

const MESH = ['hyperparameters', 'mesh'];

/** Checks mesh and device-bound settings. `runners` are those that are online and may take the run. */
export function checkDevices(
  config: Pick<RunConfig, 'advanced' | 'hyperparameters'>,
  architecture: Architecture | null,
  runners: readonly EligibleRunner[],
): Checked {
  const { mesh, batchSize } = config.hyperparameters;
  const flash = checkFlash(config, runners);
  if (!mesh) return flash;
  const divided = dividedBy(mesh, batchSize, architecture);
  const placed = placedOn(mesh, runners);
  return {
    issues: [...divided, ...placed.issues, ...flash.issues],
    warnings: [...placed.warnings, ...flash.warnings],
  };
}

/** Tunix shards by `qwen3/model.py` ShardingConfig: what a part of the mesh divides comes out even. */
function dividedBy({ fsdp, tp }: Mesh, batchSize: number, a: Architecture | null): Issue[] {
  const issues: Issue[] = [];
  if (batchSize % fsdp > 0) {
    const message = `${batchSize} is not divisible by mesh.fsdp ${fsdp}. Use a multiple of ${fsdp}.`;
    issues.push(issue(['hyperparameters', 'batchSize'], 'NOT_DIVISIBLE', message, batchSize));
  }
  if (!a) return issues;
  const uneven = (parts: number, things: Record<string, number>) =>
    Object.entries(things)
      .filter(([, size]) => size % parts > 0)
      .map(([name, size]) => `${size} ${name}`)
      .join(', ');
  const byTp = uneven(tp, {
    'attention heads': a.heads,
    'key heads': a.kvHeads,
    'numbers in a head': a.headDim,
    'numbers in a layer': a.width,
    'numbers in the MLP': a.hidden,
    'tokens of the vocabulary': a.vocabulary,
  });
  const byFsdp = uneven(fsdp, { 'numbers in a layer': a.width });
  for (const [axis, parts, found] of [
    ['tp', tp, byTp],
    ['fsdp', fsdp, byFsdp],
  ] as const) {
    if (!found) continue;
    const message = `the model has ${found}, not divisible by ${parts}. Use a divisor.`;
    issues.push(issue([...MESH, axis], 'NOT_DIVISIBLE', message, parts));
  }
  return issues;
}

function placedOn({ fsdp, tp }: Mesh, runners: readonly EligibleRunner[]): Checked {
  const needed = fsdp * tp;
  if (needed === 1) return { issues: [], warnings: [] };
  const counts = runners.flatMap(({ devices }) => (devices ? [devices.length] : []));
  const most = Math.max(0, ...counts);
  const isKnown = runners.length > 0 && counts.length === runners.length;
  if (isKnown && most < needed) {
    const message =
      `${fsdp} × ${tp} needs ${needed} devices; the runners that may take the run have at most ` +
      `${most}. Use a smaller mesh, or start a runner with more.`;
    return {
      issues: [{ ...issue(MESH, 'MESH_TOO_LARGE', message, needed), limit: String(most) }],
      warnings: [],
    };
  }
  const fitting = counts.filter((count) => count >= needed).length;
  if (fitting === runners.length && isKnown) return { issues: [], warnings: [] };
  if (fitting > 0) {
    const message =
      `The mesh needs ${needed} devices, which ${fitting} of ${runners.length} runners that may ` +
      'take the run are known to have; it fails on another. Require a label of theirs.';
    return { issues: [], warnings: [{ code: 'MESH_NOT_EVERYWHERE', message }] };
  }
  const message =
    `The mesh needs ${needed} devices, and no runner that may take the run has said how many it ` +
    'has; the run fails on one that has fewer.';
  return { issues: [], warnings: [{ code: 'DEVICES_UNKNOWN', message }] };
}

/** Tunix's flash attention is a TPU kernel. */
function checkFlash(
  { advanced }: Pick<RunConfig, 'advanced'>,
  runners: readonly EligibleRunner[],
): Checked {
  if (!advanced?.model_config?.use_flash_attention) return { issues: [], warnings: [] };
  const code = 'FLASH_ATTENTION_NEEDS_TPU';
  const known = runners.flatMap(({ devices }) => devices ?? []);
  if (known.some(({ platform }) => platform === 'tpu')) return { issues: [], warnings: [] };
  const isKnown = runners.length > 0 && runners.every(({ devices }) => devices);
  if (!isKnown) {
    const message = 'use_flash_attention works on a TPU only; the run fails on another device.';
    return { issues: [], warnings: [{ code, message }] };
  }
  const path = ['advanced', 'model_config', 'use_flash_attention'];
  const message =
    'it works on a TPU only, and no runner that may take the run has one. Leave it out.';
  return { issues: [{ path, code, message: `${path.join('.')}: ${message}` }], warnings: [] };
}
