/** A check as a JUnit report: one test case for the verdict and one for each part. */
import type { GateCheck, GateSlice } from './gateCheck.ts';
import { describeSlice, headline } from './gateReports.ts';

/** Characters that XML 1.0 cannot hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As they are, an attribute would make spaces of them.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

const xml = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"'\n\r\t]/g, (character) => ENTITIES[character] ?? character);

type Case = { name: string; out: string; fault: { tag: 'failure' | 'error'; type: string } | null };

function faultOf(check: GateCheck): Case['fault'] {
  if (check.outcome !== 'FAIL') return null;
  return { tag: check.verdict === 'NOT_COMPARABLE' ? 'error' : 'failure', type: check.verdict };
}

/** A part fails by its floor alone, and only where the verdict fails too: both say the same. */
function faultOfSlice({ floor }: GateSlice, { outcome, policy }: GateCheck): Case['fault'] {
  if (!floor || floor.verdict === 'PASS' || outcome !== 'FAIL') return null;
  if (floor.verdict === 'INCONCLUSIVE' && policy.onInconclusive !== 'FAIL') return null;
  return { tag: floor.verdict === 'NOT_COMPARABLE' ? 'error' : 'failure', type: floor.verdict };
}

function casesOf(check: GateCheck): Case[] {
  const { baseline, evaluation, reasons, slices } = check;
  return [
    {
      name: `${baseline.metric} of run ${evaluation.run.number}`,
      out: [headline(check), ...reasons].join('\n'),
      fault: faultOf(check),
    },
    ...slices.map((slice) => ({
      name: `${slice.by.toLowerCase()} ${slice.value}`,
      out: describeSlice(slice),
      fault: faultOfSlice(slice, check),
    })),
  ];
}

function written({ name, out, fault }: Case, suite: string): string {
  const start = `    <testcase classname="${xml(suite)}" name="${xml(name)}">`;
  const said = fault
    ? `<${fault.tag} type="${fault.type}" message="${xml(out)}">${xml(out)}</${fault.tag}>`
    : `<system-out>${xml(out)}</system-out>`;
  return `${start}\n      ${said}\n    </testcase>`;
}

/** The whole file. */
export function asJunit(check: GateCheck): string {
  const { baseline, createdAt } = check;
  const suite = `gate ${baseline.name}, revision ${baseline.revision}`;
  const cases = casesOf(check);
  const count = (tag: string) => cases.filter(({ fault }) => fault?.tag === tag).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tunix-rt gate" ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts} timestamp="${xml(createdAt)}">`,
    ...cases.map((each) => written(each, suite)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
