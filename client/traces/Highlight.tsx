import type { TracePart } from '../gql/graphql.ts';
import css from './TraceTable.module.css';

const WHERE: Record<TracePart, string> = { PROMPT: '', STEPS: 'in a step: ', ANSWER: 'answer: ' };

/** An excerpt with its hits marked. The server sends parts, so nothing here is ever HTML. */
export function Highlight(props: {
  parts: readonly { text: string; hit: boolean }[];
  where: TracePart;
}) {
  return (
    <span data-testid="highlight">
      {WHERE[props.where] && <span className={css.where}>{WHERE[props.where]}</span>}
      {props.parts.map((part, index) =>
        part.hit ? (
          <mark key={index} className={css.hit}>
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}
