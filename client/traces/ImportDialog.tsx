import { useState } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { ImportChoose } from './ImportChoose.tsx';
import { ImportProgress } from './ImportProgress.tsx';
import type { ImportFile } from './importFile.ts';
import { uploads } from './uploads.ts';
import { useUpload } from './useUpload.ts';

/** Chooses a file, shows how it is read, sends it, and reports what became of every line. */
export function ImportDialog(props: { file: ImportFile | undefined; onClose: () => void }) {
  const { state, start, resume } = useUpload();
  // A new file after the end of another is a new import; labels and mapping stay.
  const [chosen, setChosen] = useState(props.file);
  const isOpen = state.kind === 'idle';
  const close = () => {
    if (state.kind !== 'sending' && state.kind !== 'lost') uploads.forget();
    props.onClose();
  };
  return (
    <Dialog onClose={close} title="Import traces" size="xl">
      {isOpen ? (
        <ImportChoose file={chosen} onChoose={setChosen} onStart={start} />
      ) : (
        <ImportProgress
          state={state}
          onResume={resume}
          onClose={close}
          onFix={(file, options) => {
            uploads.forget();
            start(file, options);
          }}
          onAgain={() => {
            uploads.forget();
            setChosen(undefined);
          }}
        />
      )}
    </Dialog>
  );
}
