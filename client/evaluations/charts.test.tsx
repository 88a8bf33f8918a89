// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { DeltaInterval } from './DeltaInterval.tsx';
import { MarkedText } from './MarkedText.tsx';
import { Whisker } from './Whisker.tsx';

afterEach(cleanup);

const x = (element: Element | null | undefined, name: string) =>
  Number(element?.getAttribute(name) ?? Number.NaN);

describe('a difference with its interval', () => {
  it('says its numbers and lies on the side of the dashed line they mean', () => {
    const { container } = render(
      <DeltaInterval delta={-5} low={-11} high={1} words="−5 points, interval −11 to +1" />,
    );
    expect(screen.getByRole('img', { name: '−5 points, interval −11 to +1' })).toBeTruthy();
    const [, zero, range] = container.querySelectorAll('line');
    expect(x(container.querySelector('circle'), 'cx')).toBeLessThan(x(zero, 'x1'));
    expect(x(range, 'x1')).toBeLessThan(x(zero, 'x1'));
    expect(x(range, 'x2')).toBeGreaterThan(x(zero, 'x1'));
  });

  it('is drawn where nothing differs at all', () => {
    const { container } = render(
      <DeltaInterval delta={0} low={0} high={0} words="no difference" />,
    );
    expect(x(container.querySelector('circle'), 'cx')).toBe(100);
  });
});

it('says the value and the interval of a whisker', () => {
  render(<Whisker value={0.5} low={0.4} high={0.6} />);
  expect(screen.getByRole('img', { name: '50.0 %, 95 % interval 40.0 % to 60.0 %' })).toBeTruthy();
});

describe('a generated text', () => {
  it('is shown whole, with the judged answer marked as right or wrong', () => {
    render(<MarkedText text={'7 + 5\nA: 12'} extracted="12" isRight={false} />);
    expect(screen.getByTestId('generated-text').textContent).toBe('7 + 5\nA: 12');
    const mark = screen.getByTitle('The answer that was judged');
    expect([mark.textContent, mark.getAttribute('data-right')]).toEqual(['12', 'false']);
  });

  it('has no mark where no answer was found', () => {
    render(<MarkedText text="I am not sure." extracted={null} isRight={false} />);
    expect(screen.queryByTitle('The answer that was judged')).toBeNull();
  });
});
