import { useEffect, useState } from 'react';
import type { LogStream } from '../gql/graphql.ts';
import { ask } from '../lib/ask.ts';
import { plainText } from './ansi.ts';
import { LogViewer_Search } from './documents.ts';
import type { LogLine, LogRow } from './logRow.ts';
import type { LogStore } from './logStore.ts';
import { type FindPage, MatchList, type MatchTotal } from './matchList.ts';

/** Which lines are asked for; an empty text is every line of the streams. */
export type Question = {
  text: string;
  isCaseSensitive: boolean;
  streams: readonly LogStream[] | undefined;
};

const finder =
  (runId: string, question: Question): FindPage =>
  async ({ after, before, first, counts }) => {
    const { runLogSearch: page } = await ask(LogViewer_Search, {
      runId,
      query: question.text,
      caseSensitive: question.isCaseSensitive,
      streams: question.streams ? [...question.streams] : null,
      after: after === undefined ? null : String(after),
      before: before === undefined ? null : String(before),
      first,
      counts,
    });
    if (!page) throw new Error('There is no such run.');
    const { totalCount, totalIsExact } = page;
    return {
      total:
        totalCount === undefined
          ? undefined
          : { count: totalCount, isExact: totalIsExact ?? false },
      hasMore: page.hasMore,
      endSeq: Number(page.endSeq),
      matches: page.matches.map((match) => ({ ...match, seq: Number(match.seq) })),
    };
  };

/** Whether a line that came live is one of those asked for. */
function fits(question: Question, row: LogRow): row is LogLine {
  if (row.kind !== 'line') return false;
  if (question.streams && !question.streams.includes(row.stream)) return false;
  if (question.isCaseSensitive) return plainText(row.text).includes(question.text);
  return plainText(row.text).toLowerCase().includes(question.text.toLowerCase());
}

export type Matches = {
  list: MatchList;
  question: Question;
  /** The list has changed: draw again. */
  changed: () => void;
  /** The same question, beginning after another line. */
  restart: (after: number) => MatchList;
};

/**
 * The lines that answer a question, kept up with what comes live; undefined without a question.
 * `start` says where a new list begins, and how many lines it will hold, when that is known.
 */
export function useMatchList(
  runId: string,
  store: LogStore,
  question: Question | undefined,
  start: () => { after: number; total?: MatchTotal },
): Matches | undefined {
  const [, setTick] = useState(0);
  const key = question && JSON.stringify(question);
  const [held, setHeld] = useState<{ key: string; list: MatchList; question: Question }>();
  const listFrom = (after: number, total: MatchTotal | undefined, next: Question) =>
    new MatchList(finder(runId, next), after, {
      isEnd: after >= store.lastSeq && after > 0,
      total,
    });
  if (question && key !== undefined && held?.key !== key) {
    const { after, total } = start();
    setHeld({ key, question, list: listFrom(after, total, question) });
  }
  useEffect(() => {
    if (!held) return undefined;
    return store.onRow((row) => {
      if (fits(held.question, row)) held.list.append(row);
    });
  }, [store, held]);
  if (!held || held.key !== key) return undefined;
  return {
    list: held.list,
    question: held.question,
    changed: () => setTick((tick) => tick + 1),
    restart: (from) => {
      const list = listFrom(from, held.list.total, held.question);
      setHeld({ ...held, list });
      return list;
    },
  };
}
