import { Notice } from '../ui/Notice.tsx';

/** What went wrong with a form, said aloud. */
export function Fault(props: { text: string | undefined; testId: string }) {
  if (!props.text) return null;
  return (
    <div role="alert">
      <Notice tone="bad" testId={props.testId}>
        {props.text}
      </Notice>
    </div>
  );
}
