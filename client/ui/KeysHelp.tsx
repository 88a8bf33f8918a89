import { Modal } from '@mantine/core';
import css from './KeysHelp.module.css';

/** The keys of a page, opened with `?`. */
export function KeysHelp(props: {
  keys: readonly (readonly [keys: string, does: string])[];
  onClose: () => void;
}) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title="Keys of this page"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <dl className={css.keys} data-testid="keys-help">
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
    </Modal>
  );
}
