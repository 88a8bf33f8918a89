import type { AuditRow_EntryFragment } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatDate } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './AuditPage.module.css';

export const AuditRow_Entry = graphql(`
  fragment AuditRow_Entry on AuditEntry {
    id
    at
    actorKind
    actorName
    action
    target
    outcome
    detail
    requestId
    address
    client
  }
`);

type Entry = AuditRow_EntryFragment;

const KINDS: Record<Entry['actorKind'], string> = {
  LOCAL: 'nobody has to sign in',
  USER: 'signed in',
  KEY: 'with an API key',
  RUNNER: 'a runner',
  ANONYMOUS: 'not signed in',
  SYSTEM: 'the program itself',
};

function Outcome(props: { of: string }) {
  const isOk = props.of === 'OK';
  return (
    <Tag
      tone={isOk ? 'good' : props.of === 'INTERNAL' ? 'bad' : 'warn'}
      icon={isOk ? 'check' : 'cross'}
    >
      {isOk ? 'OK' : props.of.toLowerCase().replaceAll('_', ' ')}
    </Tag>
  );
}

function Detail(props: { of: Entry }) {
  const { of: entry } = props;
  return (
    <div className={css.detail} data-testid="audit-detail">
      <Facts
        of={[
          ['When', formatDate(entry.at)],
          ['How', KINDS[entry.actorKind]],
          ['From', entry.address],
          ['Program', entry.client],
          ['Request', entry.requestId && <Mono key="request">{entry.requestId}</Mono>],
          [
            'Done to',
            entry.target && (
              <span key="target">
                <TextLink to={paths.go(entry.target)}>open it</TextLink>,{' '}
                <TextLink to={paths.audit({ target: entry.target })}>
                  all that was done to it
                </TextLink>
              </span>
            ),
          ],
        ]}
      />
      <Code label="what was asked for" wrap maxHeight={260}>
        {asJson(entry.detail)}
      </Code>
    </div>
  );
}

/** One entry; opened, all that is known of it. */
export function AuditRow(props: { of: Entry; isOpen: boolean; onToggle: () => void }) {
  const { of: entry, isOpen } = props;
  return (
    <>
      <tr data-testid="audit-entry" data-action={entry.action} data-outcome={entry.outcome}>
        <td>
          <button
            type="button"
            className={css.when}
            aria-expanded={isOpen}
            onClick={props.onToggle}
            data-testid="toggle-detail"
          >
            <Icon name="right" size={12} />
            {formatDate(entry.at)}
          </button>
        </td>
        <td data-wide>
          <div className={css.who}>{entry.actorName}</div>
        </td>
        <td>
          <Mono>{entry.action}</Mono>
          <div className={css.whoBelow}>{entry.actorName}</div>
        </td>
        <td data-wide>
          {entry.target ? <TextLink to={paths.go(entry.target)}>open</TextLink> : '–'}
        </td>
        <td>
          <Outcome of={entry.outcome} />
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={99}>
            <Detail of={entry} />
          </td>
        </tr>
      )}
    </>
  );
}
