import { Suspense, useId, useState } from 'react';
import { type Used, used } from '../lib/used.ts';
import { IconButton } from './IconButton.tsx';
import type { Source } from './source.ts';
import { lazyPart } from './withLibrary.tsx';

const SourceMenu = lazyPart(() => import('./SourceMenu.tsx'), 'SourceMenu');

/** How to get what is shown by the API: what `source` asked last on this page, or all that the page asked. */
export function SourceButton(props: { source?: Source; label?: string }) {
  const { source, label = 'This page by the API' } = props;
  const [operations, setOperations] = useState<readonly Used[]>();
  const [button, setButton] = useState<HTMLElement | null>(null);
  const open = () => setOperations(used.ofPage(location.pathname, source));
  const close = () => setOperations(undefined);
  return (
    <>
      <IconButton
        ref={setButton}
        id={useId()}
        icon="api"
        label={label}
        small={source !== undefined}
        aria-haspopup="menu"
        aria-expanded={operations !== undefined}
        onClick={operations ? close : open}
        data-testid={source ? 'panel-source' : 'source'}
      />
      {operations && button && (
        <Suspense>
          <SourceMenu operations={operations} button={button} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
