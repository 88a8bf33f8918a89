import { Dialog } from './Dialog.tsx';
import css from './KeysHelp.module.css';

/** What works on every page. */
const GLOBAL = [
  ['Ctrl K', 'Search everything; ⌘ K on a Mac'],
  ['?', 'Show these keys'],
  ['Esc', 'Close what is open'],
] as const;

function Lines(props: { keys: readonly (readonly [keys: string, does: string])[] }) {
  return (
    <dl className={css.keys}>
      {props.keys.map(([keys, does]) => (
        <div key={keys} className={css.line}>
          <dt>
            {keys.split(' ').map((key) => (
              <kbd key={key} className={css.key}>
                {key}
              </kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The keys of a page and of all pages, opened with `?`. */
export function KeysHelp(props: {
  keys: readonly (readonly [keys: string, does: string])[];
  onClose: () => void;
}) {
  return (
    <Dialog onClose={props.onClose} title={props.keys.length > 0 ? 'Keys of this page' : 'Keys'}>
      <div data-testid="keys-help">
        <Lines keys={props.keys} />
        {props.keys.length > 0 && <h3 className={css.every}>On every page</h3>}
        <Lines keys={GLOBAL.filter(([keys]) => props.keys.every(([known]) => known !== keys))} />
      </div>
    </Dialog>
  );
}
