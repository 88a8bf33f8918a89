import { useHotkeys } from '@mantine/hooks';
import { Suspense, useState } from 'react';
import { Icon } from '../ui/Icon.tsx';
import { lazyPart } from '../ui/withLibrary.tsx';
import css from './PaletteButton.module.css';

const Palette = lazyPart(() => import('./Palette.tsx'), 'Palette');

const KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

/** Opens the palette, as ⌘K does; loads it when it is first asked for. */
export function PaletteButton() {
  const [opening, setOpening] = useState(0);
  const open = () => setOpening((count) => count + 1);
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <button
        type="button"
        className={css.button}
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="open-palette"
        onClick={open}
      >
        <Icon name="search" size={14} />
        <span className={css.word}>Search</span>
        <span className={css.key} aria-hidden="true">
          {KEY}
        </span>
      </button>
      {opening > 0 && (
        <Suspense>
          <Palette opening={opening} />
        </Suspense>
      )}
    </>
  );
}
