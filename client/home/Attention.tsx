import { type FragmentType, graphql, read } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { useMay } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './Attention.module.css';

const Attention_Overview = graphql(`
  fragment Attention_Overview on Overview {
    failureGroups {
      code
      title
      count
      newestRun {
        id
        number
        error
        createdAt
      }
    }
    openChecks {
      id
      verdict
      reasons
      createdAt
      baseline {
        id
        name
      }
      evaluation {
        id
        run {
          id
          number
        }
      }
    }
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

const VERDICTS = {
  REGRESSED: { tone: 'bad', word: 'Regressed' },
  INCONCLUSIVE: { tone: 'warn', word: 'Inconclusive' },
  NOT_COMPARABLE: { tone: 'warn', word: 'Not comparable' },
  PASS: { tone: 'good', word: 'Passed' },
} as const;

type Item = {
  key: string;
  tone: Tone;
  tag: string;
  text: string;
  at?: string;
  to: string;
  link: string;
};

export function Attention(props: {
  overview: FragmentType<typeof Attention_Overview>;
  runners: readonly FragmentType<typeof Attention_Runner>[];
  tunix: FragmentType<typeof Attention_TunixStatus>;
}) {
  const { failureGroups, openChecks } = read(Attention_Overview, props.overview);
  const runners = read(Attention_Runner, props.runners);
  const tunix = read(Attention_TunixStatus, props.tunix);
  const mayConnect = useMay('RUNNERS_WRITE');
  const toRunners = { tone: 'warn', to: paths.runners(), link: 'Runners' } as const;
  const items: Item[] = [
    ...(runners.length === 0
      ? [
          {
            ...{ key: 'none', ...toRunners, tag: 'No runner' },
            text: 'Runs stay queued until one is connected.',
            ...(mayConnect && { to: paths.runners({ connect: 'open' }), link: 'Connect one' }),
          },
        ]
      : []),
    ...(tunix.available ? [] : [{ key: 'tunix', ...toRunners, tag: 'Tunix', text: tunix.message }]),
    ...runners
      .filter((runner) => !runner.online || !runner.ready)
      .map(({ id, name, online, message }) => ({
        ...{ key: id, ...toRunners, tag: online ? 'Not ready' : 'Offline' },
        text: message ? `${name}: ${message}` : name,
      })),
    ...openChecks.map(({ id, verdict, reasons, createdAt, baseline, evaluation }) => ({
      ...{ key: id, tone: VERDICTS[verdict].tone, tag: VERDICTS[verdict].word, at: createdAt },
      text: `Run ${evaluation.run.number} against ${baseline.name}: ${reasons[0] ?? ''}`,
      to: paths.baseline(baseline.name, { check: id }),
      link: 'The check',
    })),
    ...failureGroups.map(({ code, title, count, newestRun }) => ({
      ...{
        key: code,
        tone: 'bad' as const,
        tag: plural(count, 'failure'),
        at: newestRun.createdAt,
      },
      text: `${title}: ${newestRun.error ?? ''}`,
      to: paths.run(newestRun.number, 'logs'),
      link: count === 1 ? `Run ${newestRun.number}` : `Run ${newestRun.number}, the newest`,
    })),
  ];
  if (items.length === 0) return null;
  return (
    <Section title="Needs attention" flush testId="attention">
      <ul className={css.list}>
        {items.map((item) => (
          <li key={item.key}>
            <span className={css.tag}>
              <Tag tone={item.tone} icon={item.tone === 'bad' ? 'cross' : 'warn'}>
                {item.tag}
              </Tag>
            </span>
            <span className={css.text}>
              <Ticked text={item.text} />
            </span>
            <TextLink to={item.to}>{item.link}</TextLink>
            {item.at && (
              <span className={css.when}>
                <Ago at={item.at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
