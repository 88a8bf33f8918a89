import type { Page } from 'playwright-core';

/** The characters of the first text on the page that is exactly this, from left to right. */
export const drawnOrder = (page: Page, text: string) =>
  page.evaluate((wanted) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() && texts.currentNode.textContent?.trim() !== wanted);
    const node = texts.currentNode;
    const start = node.textContent?.indexOf(wanted) ?? 0;
    const leftOf = (index: number) => {
      const range = document.createRange();
      range.setStart(node, start + index);
      range.setEnd(node, start + index + 1);
      return range.getBoundingClientRect().left;
    };
    return [...wanted]
      .map((character, index) => ({ character, left: leftOf(index) }))
      .sort((a, b) => a.left - b.left)
      .map(({ character }) => character);
  }, text);
