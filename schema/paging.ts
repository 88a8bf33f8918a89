/**
 * The cost of a connection for the complexity limit: its rows cost as much as are asked for, so that
 * `first: 100` three levels deep is refused and `first: 20` is not.
 */
export const onPage = (args: { first?: number | null; last?: number | null }) => ({
  field: 1,
  multiplier: (args.first ?? args.last ?? 20) / 10,
});
