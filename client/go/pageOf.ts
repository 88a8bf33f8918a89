import type { GoPage_QueryQuery } from '../gql/graphql.ts';
import { paths } from '../paths.ts';

type Node = NonNullable<GoPage_QueryQuery['node']>;

/** The page that shows an object; undefined for what has none. */
export function pageOf(node: Node): string | undefined {
  switch (node.__typename) {
    case 'Trace':
      return paths.trace(node.id);
    case 'Dataset':
      return paths.dataset(node.key);
    case 'Run':
      return paths.run(node.number);
    case 'Evaluation':
      return paths.evaluation(node.id);
    case 'EvaluationSet':
      return paths.evaluationSet(node.key);
    case 'EvaluationSetItem':
      return paths.evaluationSet(node.set.key);
    case 'Baseline':
      return paths.baseline(node.name);
    case 'Check':
      return paths.baseline(node.baseline.name, { check: node.id });
    case 'DatasetCheck':
      return paths.dataset(node.dataset.key, { tab: 'checks' });
    case 'Finding':
    case 'RenderPreview':
      return paths.trace(node.trace.id);
    case 'ImportSession':
      return paths.imports({ id: node.id });
    case 'Runner':
      return paths.runners();
    case 'User':
    case 'Invitation':
      return paths.settings('members');
    case 'ApiKey':
      return paths.settings('keys');
    case 'AuditEntry':
      return paths.audit({ open: node.id });
    default:
      return undefined;
  }
}
