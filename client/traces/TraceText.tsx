import { type FragmentType, graphql, read } from '../gql/index.ts';
import { PlainText } from '../ui/PlainText.tsx';
import { Section } from '../ui/Section.tsx';
import { StepCards } from './StepCards.tsx';
import css from './TracePage.module.css';

const TraceText_Trace = graphql(`
  fragment TraceText_Trace on Trace {
    id
    prompt
    finalAnswer
    ...StepCards_Trace
  }
`);

/** What the trace says: prompt, steps, final answer. */
export function TraceText(props: { trace: FragmentType<typeof TraceText_Trace> }) {
  const trace = read(TraceText_Trace, props.trace);
  return (
    <>
      <Section title="Prompt">
        <div className={css.text} data-testid="prompt">
          <PlainText>{trace.prompt}</PlainText>
        </div>
      </Section>
      <StepCards trace={trace} />
      <Section title="Final answer">
        <div className={css.text} data-testid="final-answer">
          <PlainText>{trace.finalAnswer}</PlainText>
        </div>
      </Section>
    </>
  );
}
