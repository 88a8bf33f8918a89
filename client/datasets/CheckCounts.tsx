import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { Tag } from '../ui/Tag.tsx';
import css from './CheckCounts.module.css';
import { FINDING_CODES, RULES } from './rules.ts';

const CheckCounts_DatasetCheck = graphql(`
  fragment CheckCounts_DatasetCheck on DatasetCheck {
    id
    status
    counts {
      code
      severity
      found
      waived
    }
  }
`);

/** One button per rule with what it found; pressing it filters the findings below. */
export function CheckCounts(props: { check: FragmentType<typeof CheckCounts_DatasetCheck> }) {
  const { counts, status } = read(CheckCounts_DatasetCheck, props.check);
  const [url, setUrl] = useUrlState('rule');
  const rule = oneOf(FINDING_CODES, url.rule);
  return (
    <ul className={css.rules} aria-label="Rules">
      {FINDING_CODES.map((code) => {
        const count = counts.find((known) => known.code === code);
        const open = count ? count.found - count.waived : 0;
        return (
          <li key={code}>
            <button
              type="button"
              className={css.rule}
              aria-pressed={rule === code}
              disabled={!count?.found}
              title={RULES[code].why}
              data-testid={`rule-${code}`}
              onClick={() => setUrl({ rule: rule === code ? undefined : code })}
            >
              <span className={css.name}>{RULES[code].name}</span>
              {count && count.found > 0 ? (
                <Tag
                  tone={open === 0 ? 'idle' : count.severity === 'ERROR' ? 'bad' : 'warn'}
                  icon={open === 0 ? 'check' : count.severity === 'ERROR' ? 'cross' : 'warn'}
                >
                  {formatCount(open)} {count.severity === 'ERROR' ? 'error' : 'warning'}
                  {open === 1 ? '' : 's'}
                  {count.waived > 0 && `, ${formatCount(count.waived)} waived`}
                </Tag>
              ) : (
                <span className={css.none}>{status === 'COMPLETED' ? 'none' : '…'}</span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
