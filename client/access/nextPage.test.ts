import { expect, it } from 'vitest';
import { nextPage } from './nextPage.ts';

const HERE = 'https://tunix.example.org';

it.each([
  ['/runs/7?tab=logs#L3', `${HERE}/runs/7?tab=logs#L3`],
  ['/.//other.org/', `${HERE}//other.org/`],
  [null, `${HERE}/`],
  ['', `${HERE}/`],
  ['runs', `${HERE}/`],
  ['//other.org/', `${HERE}/`],
  ['/\\other.org/', `${HERE}/`],
  ['/\t/other.org/', `${HERE}/`],
  ['https://other.org/', `${HERE}/`],
  ['javascript:alert(1)', `${HERE}/`],
  ['/sign-in?next=/sign-in', `${HERE}/`],
  ['/invitation?token=x', `${HERE}/`],
])('leads from %j to a page of this site', (next, page) => {
  expect(nextPage(next, HERE)).toBe(page);
  expect(new URL(page).origin).toBe(HERE);
});
