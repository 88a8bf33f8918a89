import { TextLink } from '../lib/TextLink.tsx';
import { LogText } from '../logs/LogText.tsx';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import css from './FailurePanel.module.css';

/** The last lines of the log as a terminal would show them. */
export function LastLines(props: { text: string; number: number }) {
  return (
    <Section
      title="Last lines"
      aside={<TextLink to={paths.run(props.number, 'logs')}>The whole log</TextLink>}
      flush
    >
      <pre className={css.lines} data-testid="last-lines">
        {props.text.split('\n').map((line, index) => (
          <div key={index}>
            <LogText text={line} />
            {'\n'}
          </div>
        ))}
      </pre>
    </Section>
  );
}
