import { useState } from 'react';

/** How many pages of a list are asked for; back to one when the question changes. */
export function usePages(question: string) {
  const [asked, setAsked] = useState({ question, pages: 1 });
  const pages = asked.question === question ? asked.pages : 1;
  return { pages, more: () => setAsked({ question, pages: pages + 1 }) };
}
