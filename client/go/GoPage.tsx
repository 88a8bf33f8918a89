import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { graphql } from '../gql/index.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { pageOf } from './pageOf.ts';

const GoPage_Query = graphql(`
  query GoPage_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Dataset {
        key
      }
      ... on Run {
        number
      }
      ... on EvaluationSet {
        key
      }
      ... on EvaluationSetItem {
        set {
          id
          key
        }
      }
      ... on Baseline {
        name
      }
      ... on Check {
        baseline {
          id
          name
        }
      }
      ... on DatasetCheck {
        dataset {
          id
          key
        }
      }
      ... on Finding {
        trace {
          id
        }
      }
      ... on RenderPreview {
        trace {
          id
        }
      }
    }
  }
`);

/** Leads from the id of any object to its page. */
export function GoPage() {
  const id = useParam('id');
  const router = useRouter();
  const { data, loading } = usePageQuery({ query: GoPage_Query, variables: { id } });
  const node = data?.node;
  const page = node ? pageOf(node) : undefined;
  useEffect(() => {
    if (page) router.history.replace(page);
  }, [page, router]);
  return page || loading ? <LoadingPage /> : <NotFound what="object" />;
}
