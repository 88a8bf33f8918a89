import { expect, test } from 'vitest';
import { addNews, type NewsItem, NO_NEWS, parseNews, unseen } from './news.ts';

const item = (number: number): NewsItem => ({
  ...{ id: `run ${number}`, tone: 'good', title: '', text: '', to: '/', at: number },
});

test('the last 50 are kept, newest first, each once', () => {
  const many = Array.from({ length: 60 }, (_, index) => item(index));
  const news = many.reduce(addNews, NO_NEWS);
  expect(news.items).toHaveLength(50);
  expect(news.items[0]).toEqual(item(59));
  expect(addNews(news, item(59))).toBe(news);
});

test('what came after the last look is counted', () => {
  const news = { items: [item(3), item(2), item(1)], seenAt: 1 };
  expect(unseen(news)).toBe(2);
});

test('what a browser stored otherwise is no news', () => {
  for (const text of [null, '', 'null', '[]', '{"items": 1}']) {
    expect(parseNews(text)).toEqual(NO_NEWS);
  }
  const news = { items: [item(1)], seenAt: 4 };
  expect(parseNews(JSON.stringify(news))).toEqual(news);
});
