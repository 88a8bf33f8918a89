/**
 * Further pages of a list, which stand below the one before. The button that asked for one goes when
 * it comes; the first thing of the new page takes the focus that went with it.
 */
import {
  createContext,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
} from 'react';
import { isFocusLost } from '../lib/useFocusBack.ts';

const BeginningContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

/** Around a further page; an empty element before it, of the kind that may stand there, marks where it begins. */
export function FurtherPage(props: { as: 'div' | 'tbody'; children: ReactNode }) {
  const beginning = useRef<HTMLElement>(null);
  const Mark = props.as;
  const mark = (element: HTMLElement | null) => {
    beginning.current = element;
  };
  return (
    <>
      <Mark ref={mark} />
      <BeginningContext value={beginning}>{props.children}</BeginningContext>
    </>
  );
}

/** Says within a page when its rows are there. */
export function useArrival(isThere = true): void {
  const beginning = useContext(BeginningContext);
  useEffect(() => {
    if (!isThere || !isFocusLost()) return;
    const first = beginning?.current?.nextElementSibling?.querySelector<HTMLElement>('tr, button');
    if (first?.matches('tr')) first.tabIndex = -1;
    first?.focus();
  }, [beginning, isThere]);
}
