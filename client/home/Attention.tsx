import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './Attention.module.css';

const Attention_Run = graphql(`
  fragment Attention_Run on Run {
    id
    number
    name
    status
    error
    createdAt
  }
`);

const Attention_Runner = graphql(`
  fragment Attention_Runner on Runner {
    id
    name
    online
    ready
    message
  }
`);

const Attention_TunixStatus = graphql(`
  fragment Attention_TunixStatus on TunixStatus {
    available
    message
  }
`);

export function Attention(props: {
  runs: readonly FragmentType<typeof Attention_Run>[];
  runners: readonly FragmentType<typeof Attention_Runner>[];
  tunix: FragmentType<typeof Attention_TunixStatus>;
}) {
  const runs = read(Attention_Run, props.runs);
  const runners = read(Attention_Runner, props.runners);
  const tunix = read(Attention_TunixStatus, props.tunix);
  const unwell = runners.filter((runner) => !runner.online || !runner.ready);
  const items = [
    ...(runners.length === 0
      ? [{ key: 'none', tag: 'No runner', text: 'Runs stay queued until one is connected.' }]
      : []),
    ...(tunix.available ? [] : [{ key: 'tunix', tag: 'Tunix', text: tunix.message }]),
    ...unwell.map((runner) => ({
      key: runner.id,
      tag: runner.online ? 'Not ready' : 'Offline',
      text: `${runner.name}${runner.message ? `: ${runner.message}` : ''}`,
    })),
  ];
  if (items.length + runs.length === 0) return null;
  return (
    <Section title="Needs attention" flush testId="attention">
      <ul className={css.list}>
        {items.map((item) => (
          <li key={item.key}>
            <Tag tone="warn" icon="warn">
              {item.tag}
            </Tag>
            <span className={css.text}>
              <Ticked text={item.text} />
            </span>
            <TextLink to={paths.runners()}>Runners</TextLink>
          </li>
        ))}
        {runs.map((run) => (
          <li key={run.id}>
            <Tag tone="bad" icon="cross">
              {run.status === 'TIMEOUT' ? 'Timed out' : 'Failed'}
            </Tag>
            <span className={css.text}>
              <TextLink to={paths.run(run.number, 'logs')}>
                #{run.number}
                {run.name ? ` ${run.name}` : ''}
              </TextLink>{' '}
              {run.error}
            </span>
            <span className={css.when}>
              <Ago at={run.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
