import { describe, expect, it } from 'vitest';
import { advance, resumable } from './resume.ts';

const batch = (firstSeq: string, lastSeq: string) => ({
  runLogs: { __typename: 'LogBatch', firstSeq, lastSeq },
});

describe('advance', () => {
  it('moves the cursor on the copy and leaves the caller’s variables alone', () => {
    const variables = { runId: 'r', after: '0' };
    const payload = resumable({ query: '…', variables });
    advance(payload, batch('1', '40'));
    expect(payload.variables).toEqual({ runId: 'r', after: '40' });
    expect(variables.after).toBe('0');
  });

  it('is what a second JSON.stringify of the same object sends', () => {
    const payload = resumable({ query: '…', variables: { after: '0' } });
    const first = JSON.stringify(payload);
    advance(payload, batch('1', '9007199254740993'));
    expect(JSON.stringify(payload)).not.toBe(first);
    expect(JSON.parse(JSON.stringify(payload)).variables.after).toBe('9007199254740993');
  });

  it('does not go back when a batch is replayed, and compares as numbers', () => {
    const payload = resumable({ query: '…', variables: { after: '100' } });
    advance(payload, batch('1', '99'));
    expect(payload.variables.after).toBe('100');
  });

  it('follows run events by the event, and ignores messages without a cursor', () => {
    const payload = resumable({ query: '…', variables: { after: null } });
    advance(payload, { runEvents: { __typename: 'RunEventNotice', event: { seq: '7' } } });
    advance(payload, { runEvents: { __typename: 'MetricUpdate', series: [] } });
    advance(payload, { runEvents: { __typename: 'StreamPhase', behindBy: '12' } });
    advance(payload, null);
    expect(payload.variables.after).toBe('7');
  });

  it('moves over a mark of lost lines, and never for a line that is not finished', () => {
    const payload = resumable({ query: '…', variables: { after: '4' } });
    advance(payload, { runLogs: { __typename: 'LogGap', seq: '5' } });
    advance(payload, { runLogs: { __typename: 'LogOpenLine', seq: '6' } });
    expect(payload.variables.after).toBe('5');
  });

  it('keeps the cursor of the curves apart from that of the events', () => {
    const payload = resumable({ query: '…', variables: { after: '3', metricsAfter: '10' } });
    advance(payload, { runEvents: { __typename: 'MetricUpdate', lastSeq: '250' } });
    expect(payload.variables).toEqual({ after: '3', metricsAfter: '250' });
  });

  it('adds no cursor to a subscription that has none', () => {
    const payload = resumable({ query: '…', variables: {} });
    advance(payload, batch('1', '2'));
    expect(payload.variables).toEqual({});
  });
});
