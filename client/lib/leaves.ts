import { isObject } from './isObject.ts';

/** Every leaf of a configuration by its path: `hyperparameters.lora.rank`. Lists are leaves. */
export function leavesOf(config: unknown, path = ''): Map<string, unknown> {
  if (!isObject(config)) return new Map(path ? [[path, config]] : []);
  return new Map(
    Object.entries(config).flatMap(([key, value]) => [
      ...leavesOf(value, path ? `${path}.${key}` : key),
    ]),
  );
}
