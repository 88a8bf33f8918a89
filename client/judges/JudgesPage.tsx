import { SimpleGrid } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { Mono } from '../ui/Code.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './JudgesPage.module.css';
import { TryJudgeForm } from './TryJudgeForm.tsx';

const JudgesPage_Query = graphql(`
  query JudgesPage_Query {
    judges {
      ref
      description
      inputs
      cost
      isMock
      ranks
      needsEndpoint
      viewerCanTry
    }
    judgeEndpoints {
      name
      kind
      model
      host
    }
  }
`);

export function JudgesPage() {
  const [url, setUrl] = useUrlState('try');
  const { data } = usePageQuery({ query: JudgesPage_Query });
  if (!data) return <LoadingPage />;
  const { judges, judgeEndpoints } = data;
  const chosen = judges.find(({ ref }) => ref === url.try) ?? judges[0];
  return (
    <Page
      source={JudgesPage_Query}
      title="Judges"
      description="Who says whether an answer is right. A judge that changes gets a new version, and versions are never ranked together."
    >
      <SimpleGrid
        cols={{ base: 1, lg: chosen?.viewerCanTry ? 2 : 1 }}
        spacing="lg"
        style={{ alignItems: 'start' }}
      >
        <div className={css.column}>
          <Section title="Judges" flush>
            <ul className={css.list}>
              {judges.map((judge) => (
                <li key={judge.ref} className={css.judge} data-testid="judge">
                  <div className={css.head}>
                    <Mono>{judge.ref}</Mono>
                    {judge.isMock && (
                      <Tag tone="warn" icon="warn">
                        Mock
                      </Tag>
                    )}
                    <Tag
                      tone={judge.cost === 'PAID' ? 'warn' : 'idle'}
                      icon={judge.cost === 'PAID' ? 'up' : 'check'}
                    >
                      {judge.cost === 'PAID' ? 'May cost money' : 'Free'}
                    </Tag>
                    {!judge.ranks && <Tag tone="idle">Not ranked unless asked for</Tag>}
                  </div>
                  <p className={css.text}>{judge.description}</p>
                  <p className={css.reads}>
                    Reads {judge.inputs.join(', ')}
                    {judge.needsEndpoint && '; asks a language model at an endpoint'}.{' '}
                    {judge.viewerCanTry && (
                      <button
                        type="button"
                        className={css.try}
                        aria-pressed={judge.ref === chosen?.ref}
                        onClick={() => setUrl({ try: judge.ref })}
                      >
                        {judge.ref === chosen?.ref ? 'Being tried' : 'Try it'}
                      </button>
                    )}
                  </p>
                </li>
              ))}
            </ul>
          </Section>
          <Section title="Endpoints">
            {judgeEndpoints.length === 0 ? (
              <p className={css.text}>
                None is set up. The setting <Mono>JUDGE_ENDPOINTS</Mono> of the server names
                language models for judges that ask one; their keys are never shown.
              </p>
            ) : (
              <ul className={css.list}>
                {judgeEndpoints.map(({ name, kind, model, host }) => (
                  <li key={name} className={css.endpoint} data-testid="endpoint">
                    <b>{name}</b> {kind.toLowerCase()}, <Mono>{model}</Mono> at {host}
                  </li>
                ))}
              </ul>
            )}
          </Section>
        </div>
        {chosen?.viewerCanTry && (
          <TryJudgeForm
            key={chosen.ref}
            judge={chosen.ref}
            needsEndpoint={chosen.needsEndpoint}
            endpoints={judgeEndpoints.map(({ name }) => name)}
          />
        )}
      </SimpleGrid>
    </Page>
  );
}
