import { useEffect, useState } from 'react';
import type { LogStream } from '../gql/graphql.ts';
import { ask } from '../lib/ask.ts';
import { plainText } from './ansi.ts';
import { LogViewer_Search } from './documents.ts';
import type { LogLine, LogRow } from './logRow.ts';
import type { LogStore } from './logStore.ts';
import { type FindPage, MatchList } from './matchList.ts';

/** Which lines are asked for; an empty text is every line of the streams. */
export type Question = {
  text: string;
  isCaseSensitive: boolean;
  streams: readonly LogStream[] | undefined;
};

const finder =
  (runId: string, question: Question): FindPage =>
  async (after, first) => {
    const { runLogSearch: page } = await ask(LogViewer_Search, {
      runId,
      query: question.text,
      caseSensitive: question.isCaseSensitive,
      streams: question.streams ? [...question.streams] : null,
      after: String(after),
      first,
    });
    if (!page) throw new Error('There is no such run.');
    return {
      totalCount: page.totalCount,
      totalIsExact: page.totalIsExact,
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
 * `start` says where a new list begins, and which share of the lines it will hold.
 */
export function useMatchList(
  runId: string,
  store: LogStore,
  question: Question | undefined,
  start: () => { after: number; share: number },
): Matches | undefined {
  const [, setTick] = useState(0);
  const key = question && JSON.stringify(question);
  const [held, setHeld] = useState<{ key: string; list: MatchList; question: Question }>();
  const listFrom = (after: number, share: number, next: Question) =>
    new MatchList(finder(runId, next), after, {
      share,
      isEnd: after >= store.lastSeq && after > 0,
    });
  if (question && key !== undefined && held?.key !== key) {
    const { after, share } = start();
    setHeld({ key, question, list: listFrom(after, share, question) });
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
      const share = held.list.totalCount / Math.max(1, store.lastSeq);
      const list = listFrom(from, share, held.question);
      setHeld({ ...held, list });
      return list;
    },
  };
}
