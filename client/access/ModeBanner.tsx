import { useLocalStorage } from '@mantine/hooks';
import { TextLink } from '../lib/TextLink.tsx';
import { useViewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Tag } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './ModeBanner.module.css';

const useFolded = () =>
  useLocalStorage({
    key: 'tunix-rt-mode-banner-folded',
    defaultValue: false,
    getInitialValueInEffect: false,
  });

/** Says on every page that nobody has to sign in, until it is folded into a sign in the header. */
export function ModeBanner() {
  const viewer = useViewer();
  const [isFolded, setFolded] = useFolded();
  if (!viewer || viewer.authRequired || isFolded) return null;
  return (
    <div className={css.banner} role="note" data-testid="mode-banner">
      <div className={css.text}>
        <b>Single-user mode:</b>{' '}
        <Ticked text="whoever reaches this port may do everything. Set `AUTH=on` to share it." />{' '}
        <TextLink to={paths.settings('members')}>How</TextLink>
      </div>
      <IconButton
        icon="cross"
        small
        label="Fold this notice into the header"
        onClick={() => setFolded(true)}
      />
    </div>
  );
}

/** What is left of the notice when it is folded. */
export function ModeTag() {
  const viewer = useViewer();
  const [isFolded, setFolded] = useFolded();
  if (!viewer || viewer.authRequired || !isFolded) return null;
  return (
    <button
      type="button"
      className={css.folded}
      title="Whoever reaches this port may do everything. Click for more"
      onClick={() => setFolded(false)}
      data-testid="mode-tag"
    >
      <Tag tone="warn">Single-user</Tag>
    </button>
  );
}
