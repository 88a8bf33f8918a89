import { useLocalStorage } from '@mantine/hooks';
import { Suspense, useState } from 'react';
import { TextLink } from '../lib/TextLink.tsx';
import { useViewer } from '../lib/viewer.ts';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { lazyPart } from '../ui/withLibrary.tsx';
import css from './Checklist.module.css';
import { type LoopState, type Step, stepsFor } from './steps.ts';

const StepExample = lazyPart(() => import('../api/StepExample.tsx'), 'StepExample');

function Line(props: { step: Step; isOpen: boolean; onToggle: () => void }) {
  const { step, isOpen } = props;
  return (
    <li data-done={step.done || undefined}>
      <div className={css.line}>
        <span className={css.mark} aria-hidden="true">
          {step.done && <Icon name="check" size={12} />}
        </span>
        <TextLink to={step.to}>{step.name}</TextLink>
        <span className={css.state}>
          {step.done ? (step.note ?? 'done') : step.optional ? 'when you like' : 'to do'}
        </span>
        <span className={css.api}>
          {step.example && (
            <button
              type="button"
              className={css.toggle}
              aria-expanded={isOpen}
              aria-label={`${step.name} by the API`}
              onClick={props.onToggle}
            >
              {isOpen ? 'Hide' : 'By the API'}
            </button>
          )}
        </span>
      </div>
      {isOpen && step.example && (
        <div className={css.example}>
          <Suspense fallback={<LoadingRows rows={4} />}>
            <StepExample id={step.example} />
          </Suspense>
        </div>
      )}
    </li>
  );
}

/** The first time around the loop, until it is dismissed in this browser. */
export function Checklist(props: { state: LoopState }) {
  const [dismissed, setDismissed] = useLocalStorage({
    key: 'tunix-rt-checklist-dismissed',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [open, setOpen] = useState<string>();
  const viewer = useViewer();
  const steps = stepsFor(props.state, viewer?.scopes);
  const needed = steps.filter((step) => !step.optional);
  const done = needed.filter((step) => step.done).length;
  if (dismissed || steps.length === 0) return null;
  return (
    <Section
      source={null}
      title={`First time around: ${done} of ${needed.length}`}
      testId="checklist"
      flush
      aside={
        <button type="button" className={css.dismiss} onClick={() => setDismissed(true)}>
          Dismiss
        </button>
      }
    >
      <ol className={css.list}>
        {steps.map((step) => (
          <Line
            key={step.name}
            step={step}
            isOpen={open !== undefined && open === step.example}
            onToggle={() => setOpen(open === step.example ? undefined : step.example)}
          />
        ))}
      </ol>
    </Section>
  );
}
