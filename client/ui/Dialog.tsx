import { Modal, type ModalProps } from '@mantine/core';
import { useFocusBack } from '../lib/useFocusBack.ts';

/** A modal that is open as long as it is there, and gives the focus back when it goes. */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  useFocusBack();
  return <Modal opened closeButtonProps={{ 'aria-label': 'Close' }} {...props} />;
}
