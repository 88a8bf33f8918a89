import { Equivalents } from './Equivalents.tsx';
import { EXAMPLES } from './examples.ts';

/** The example of a step of the checklist. */
export function StepExample(props: { id: string }) {
  const example = EXAMPLES.find(({ id }) => id === props.id);
  return example ? <Equivalents example={example} /> : null;
}
