import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { CheckTag } from './CheckTag.tsx';
import { diffText } from './diffKinds.ts';
import { SplitBar } from './SplitBar.tsx';
import css from './VersionsTab.module.css';

const VersionsTab_Query = graphql(`
  query VersionsTab_Query($key: String!) {
    dataset(key: $key) {
      id
      versions {
        id
        key
        version
        itemCount
        createdAt
        ...SplitBar_Dataset
        latestCheck {
          id
          ...CheckTag_DatasetCheck
        }
      }
    }
  }
`);

const VersionDelta_Query = graphql(`
  query VersionDelta_Query($key: String!) {
    dataset(key: $key) {
      id
      parent {
        id
        key
      }
      diffFromParent {
        addedCount
        removedCount
        changedCount
        movedCount
      }
    }
  }
`);

/** Asked for version by version: each of them is a comparison of two whole lists. */
function VersionDelta(props: { datasetKey: string }) {
  const { data, error, refetch } = usePartQuery({
    query: VersionDelta_Query,
    variables: { key: props.datasetKey },
  });
  if (error) {
    return (
      <span className={css.delta}>
        not compared{' '}
        <Button size="compact-xs" variant="subtle" onClick={refetch}>
          Try again
        </Button>
      </span>
    );
  }
  const parent = data?.dataset?.parent;
  const diff = data?.dataset?.diffFromParent;
  if (!data) return <span className={css.delta}>…</span>;
  if (!parent || !diff) return <span className={css.delta}>made from no other</span>;
  return (
    <span className={css.delta} data-testid="version-delta">
      <TextLink inText to={paths.dataset(props.datasetKey, { tab: 'diff' })}>
        {diffText(diff)}
      </TextLink>{' '}
      against {parent.key}
    </span>
  );
}

/** All versions of this name, newest first. */
export function VersionsTab(props: { datasetKey: string }) {
  const { data, error, refetch } = usePartQuery({
    query: VersionsTab_Query,
    variables: { key: props.datasetKey },
  });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const versions = data?.dataset?.versions;
  if (!versions) return <LoadingRows />;
  return (
    <Section>
      <ol className={css.line} aria-label="Versions, newest first">
        {versions.map((version) => (
          <li
            key={version.id}
            className={css.version}
            aria-current={version.key === props.datasetKey || undefined}
            data-testid="version"
          >
            <div className={css.head}>
              <TextLink to={paths.dataset(version.key)} mono>
                {version.version}
              </TextLink>
              {version.key === props.datasetKey && <span className={css.here}>this one</span>}
              <CheckTag check={version.latestCheck} />
              <span className={css.when}>
                <Ago at={version.createdAt} />
              </span>
            </div>
            <div className={css.body}>
              <span>{plural(version.itemCount, 'item')}</span>
              <SplitBar dataset={version} compact />
              <VersionDelta datasetKey={version.key} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
