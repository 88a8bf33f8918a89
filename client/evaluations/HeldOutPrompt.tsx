import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';

/** What the model was asked: a link to the trace, or the question of an evaluation set. */
export function HeldOutPrompt(props: {
  trace: { id: string; promptPreview: string } | null;
  setItem: { prompt: string } | null;
}) {
  const { trace, setItem } = props;
  if (trace) return <TextLink to={paths.trace(trace.id)}>{trace.promptPreview}</TextLink>;
  return <>{setItem?.prompt}</>;
}
