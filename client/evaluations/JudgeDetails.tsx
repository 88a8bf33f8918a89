import { formatMetric } from '../lib/format.ts';
import { isObject } from '../lib/isObject.ts';
import { asJson, Code } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Passage } from '../ui/Passage.tsx';
import css from './ItemDrawer.module.css';

/** What a judge said beside right or wrong: verdict, reasoning, measures, and its raw reply. */
export function JudgeDetails(props: { details: unknown }) {
  if (!isObject(props.details)) return null;
  const { verdict, reasoning, metrics, raw, ...rest } = props.details;
  const measures = isObject(metrics) ? Object.entries(metrics) : [];
  if (Object.keys(props.details).length === 0) return null;
  return (
    <Passage
      title="What the judge says"
      {...(typeof reasoning === 'string' && { text: reasoning })}
      testId="judge-details"
    >
      <Facts
        of={[
          ['Verdict', typeof verdict === 'string' ? verdict : null],
          ...measures.map(
            ([name, value]) =>
              [name, typeof value === 'number' ? formatMetric(value) : String(value)] as const,
          ),
        ]}
      />
      {Object.keys(rest).length > 0 && (
        <details className={css.more}>
          <summary>More</summary>
          <Code label="details of the judge" wrap maxHeight={260}>
            {asJson(rest)}
          </Code>
        </details>
      )}
      {typeof raw === 'string' && (
        <details className={css.more}>
          <summary>Its raw reply</summary>
          <Code label="raw reply" wrap maxHeight={260}>
            {raw}
          </Code>
        </details>
      )}
    </Passage>
  );
}
