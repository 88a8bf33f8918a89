import { type FragmentType, graphql, read } from '../gql/index.ts';
import { PlainText } from '../ui/PlainText.tsx';
import css from './TracePage.module.css';

const StepCards_Trace = graphql(`
  fragment StepCards_Trace on Trace {
    id
    steps {
      i
      type
      content
    }
  }
`);

export function StepCards(props: { trace: FragmentType<typeof StepCards_Trace> }) {
  const { steps } = read(StepCards_Trace, props.trace);
  return (
    <ol className={css.steps} aria-label="Steps" data-testid="steps">
      {steps.map((step) => (
        <li key={step.i} className={css.step}>
          <span className={css.number}>{step.i}</span>
          <div style={{ minWidth: 0 }}>
            <div className={css.type}>
              <PlainText>{step.type}</PlainText>
            </div>
            <div className={css.text}>
              <PlainText>{step.content}</PlainText>
            </div>
          </div>
        </li>
      ))}
    </ol>
  );
}
