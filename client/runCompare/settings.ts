/** Configurations of several runs side by side, by path. Pure. */
import { leavesOf } from '../lib/leaves.ts';

export type Setting = { path: string; values: readonly unknown[] };
export type SettingGroup = { name: string; settings: Setting[] };

/** All settings of all runs in the order of the first that has them; null where a run lacks one. */
export function allSettings(configs: readonly unknown[]): Setting[] {
  const leaves = configs.map((config) => leavesOf(config));
  const paths = [...new Set(leaves.flatMap((known) => [...known.keys()]))];
  return paths.map((path) => ({ path, values: leaves.map((known) => known.get(path) ?? null) }));
}

/** A value as it is written in a table; equal text means equal values. */
export const settingText = (value: unknown): string =>
  value === null || value === undefined
    ? '–'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

export const isEqualEverywhere = ({ values }: Setting): boolean =>
  new Set(values.map(settingText)).size <= 1;

const NAMES: Readonly<Record<string, string>> = {
  '': 'Run',
  hyperparameters: 'Training',
  'hyperparameters.lora': 'LoRA',
  'hyperparameters.mesh': 'Mesh',
  advanced: 'Advanced',
};

/** Settings under the part of the configuration they belong to; `hyperparameters.` is not said again. */
export function groupSettings(settings: readonly Setting[]): SettingGroup[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const parts = setting.path.split('.');
    const parent = parts.slice(0, -1).join('.');
    const top = parent.startsWith('advanced') ? 'advanced' : parent;
    groups.set(top, [...(groups.get(top) ?? []), setting]);
  }
  return [...groups].map(([parent, members]) => ({
    name: NAMES[parent] ?? parent,
    settings: members,
  }));
}

/** The last part of a path; in the advanced group all of it, which is how it is set. */
export const settingName = ({ path }: Setting): string =>
  path.startsWith('advanced.') ? path.slice('advanced.'.length) : (path.split('.').at(-1) ?? path);
