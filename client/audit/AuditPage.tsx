import { useState } from 'react';
import { graphql, read } from '../gql/index.ts';
import { MayPage } from '../lib/MayPage.tsx';
import { useUrlState } from '../lib/url.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { AuditFilterBar } from './AuditFilterBar.tsx';
import { AuditRow, AuditRow_Entry } from './AuditRow.tsx';
import { AuditTable } from './AuditTable.tsx';
import { AUDIT_KEYS, type AuditUrl, toAuditFilter } from './auditFilter.ts';
import { LinkedEntry } from './LinkedEntry.tsx';

const AuditPage_Query = graphql(`
  query AuditPage_Query($filter: AuditFilter, $after: String) {
    auditLog(filter: $filter, first: 50, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...AuditRow_Entry
        }
      }
    }
  }
`);

const API = `query {
  auditLog(filter: { outcome: "FORBIDDEN" }, first: 50) {
    edges { node { at actorName action target outcome } }
  }
}`;

const BLANK = Object.fromEntries(AUDIT_KEYS.map((key) => [key, undefined]));

/** Who did what, and what was refused. */
export function AuditPage() {
  return (
    <MayPage scope="ADMIN" title="Audit log">
      <AuditLog />
    </MayPage>
  );
}

function AuditLog() {
  const [{ open, ...url }, setUrl] = useUrlState(...AUDIT_KEYS, 'open');
  // What is opened by hand opens in its row; what a link names may be far down the log.
  const [toggled, setToggled] = useState<string>();
  const isByHand = open === toggled;
  const filter = toAuditFilter(url);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page
      source={AuditPage_Query}
      title="Audit log"
      description="Every change and every refusal, by whom and when. Entries are only ever added."
    >
      <AuditFilterBar
        url={url}
        onChange={(next: AuditUrl) => setUrl({ ...BLANK, ...next, open: undefined })}
      />
      {open && !isByHand && <LinkedEntry id={open} onClose={() => setUrl({ open: undefined })} />}
      <Section flush>
        <AuditTable caption="Audit log" testId="audit-table">
          <PagedRows
            query={AuditPage_Query}
            variables={{ filter }}
            pageOf={(data) => data.auditLog}
            empty={
              isFiltered ? (
                <EmptyState title="Nothing matches">
                  Every condition above must hold. Clear one of them.
                </EmptyState>
              ) : (
                <EmptyState title="Nothing was done yet" api={API}>
                  Every mutation and every import will stand here.
                </EmptyState>
              )
            }
          >
            {(nodes) => (
              <tbody>
                {read(AuditRow_Entry, nodes).map((entry) => (
                  <AuditRow
                    key={entry.id}
                    of={entry}
                    isOpen={isByHand && open === entry.id}
                    onToggle={() => {
                      const next = isByHand && open === entry.id ? undefined : entry.id;
                      setToggled(next);
                      setUrl({ open: next });
                    }}
                  />
                ))}
              </tbody>
            )}
          </PagedRows>
        </AuditTable>
      </Section>
    </Page>
  );
}
