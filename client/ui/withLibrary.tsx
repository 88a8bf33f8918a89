import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { missingParts } from '../lib/missingParts.ts';

type Parts<Name extends string, Props> = Record<Name, ComponentType<Props>>;

/**
 * Loads a part together with the component library that it is made of, which the first page does
 * without. The library is asked for first: the part's own styles come after it and may say otherwise.
 */
const withLibrary =
  <Name extends string, Props extends object>(
    load: () => Promise<Parts<Name, Props>>,
    name: Name,
  ) =>
  async (): Promise<{ default: ComponentType<Props> }> => {
    const [{ Library }, parts] = await Promise.all([import('./Library.tsx'), load()]);
    const Part: ComponentType<Props> = parts[name];
    return {
      default: (props) => (
        <Library>
          <Part {...props} />
        </Library>
      ),
    };
  };

/** The same for a page: the router reloads at an error it knows, which would end an import that goes on. */
export const pageLoader =
  <Name extends string, Props extends object>(
    load: () => Promise<Parts<Name, Props>>,
    name: Name,
  ) =>
  () =>
    withLibrary(load, name)().catch((error: unknown) => {
      if (!missingParts.isCauseOf(error)) throw error;
      throw new Error('The page could not be loaded.', { cause: error });
    });

/** In the place of a part that is gone: the page around it stays, with what somebody typed. */
export function leaveOut(error: unknown): { default: () => null } {
  if (!missingParts.isCauseOf(error)) throw error;
  return { default: () => null };
}

/** The same as a component; it stands in a `Suspense`, and is left out when it cannot be loaded. */
export const lazyPart = <Name extends string, Props extends object>(
  load: () => Promise<Parts<Name, Props>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> =>
  lazy(() => withLibrary(load, name)().catch(leaveOut));
