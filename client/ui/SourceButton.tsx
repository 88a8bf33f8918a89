import { Suspense, useState } from 'react';
import { type Used, used } from '../lib/used.ts';
import { IconButton } from './IconButton.tsx';
import type { Source } from './source.ts';
import { lazyPart } from './withLibrary.tsx';

const SourceMenu = lazyPart(() => import('./SourceMenu.tsx'), 'SourceMenu');

/** How to get what is shown by the API: what `source` asked last on this page, or all that the page asked. */
export function SourceButton(props: { source?: Source; label?: string }) {
  const { source, label = 'This page by the API' } = props;
  const [operations, setOperations] = useState<readonly Used[]>();
  const open = () => setOperations(used.ofPage(location.pathname, source));
  const button = (
    <IconButton
      icon="api"
      label={label}
      small={source !== undefined}
      aria-haspopup="menu"
      aria-expanded={operations !== undefined}
      onClick={() => (operations ? setOperations(undefined) : open())}
      data-testid={source ? 'panel-source' : 'source'}
    />
  );
  if (!operations) return button;
  return (
    <Suspense fallback={button}>
      <SourceMenu
        operations={operations}
        opened
        onChange={(opened) => {
          if (!opened) setOperations(undefined);
        }}
      >
        {button}
      </SourceMenu>
    </Suspense>
  );
}
