import { type Ref, useImperativeHandle } from 'react';

/**
 * Stands in a `Popover.Target` for an element that is drawn elsewhere. So a button can wait for what it
 * opens to be loaded and stay the same element, with its focus, all along; its `id` is to be that of the
 * popover.
 */
export function At(props: { element: HTMLElement; ref?: Ref<HTMLElement> }) {
  const { element, ref } = props;
  useImperativeHandle(ref, () => element, [element]);
  return null;
}
