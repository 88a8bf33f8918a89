import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

type Parts<Name extends string, Props> = Record<Name, ComponentType<Props>>;

/**
 * Loads a part together with the component library that it is made of, which the first page does
 * without. The library is asked for first: the part's own styles come after it and may say otherwise.
 */
export const withLibrary =
  <Name extends string, Props extends object>(
    load: () => Promise<Parts<Name, Props>>,
    name: Name,
  ) =>
  async (): Promise<{ default: ComponentType<Props> }> => {
    const library = import('./Library.tsx');
    const loading = load();
    const { Library } = await library;
    const Part: ComponentType<Props> = (await loading)[name];
    return {
      default: (props) => (
        <Library>
          <Part {...props} />
        </Library>
      ),
    };
  };

/** The same as a component; it stands in a `Suspense`. */
export const lazyPart = <Name extends string, Props extends object>(
  load: () => Promise<Parts<Name, Props>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> => lazy(withLibrary(load, name));
