import type { Pool } from 'pg';
import { z } from 'zod';
import { parse } from '../lib/parse.ts';
import { LINKS, type LineageKind, type Link, TITLES } from './links.ts';

export type LineageNode = { kind: LineageKind; id: string; title: string };

/** `from` is where `to` comes from, whichever way it was walked. */
export type LineageEdge = { from: LineageNode; to: LineageNode; relation: string };

export type Lineage = { nodes: LineageNode[]; edges: LineageEdge[]; truncated: boolean };

const LineageQuery = z.strictObject({
  kind: z.enum(Object.keys(TITLES) as [LineageKind, ...LineageKind[]]),
  id: z.uuid(),
  direction: z.enum(['UP', 'DOWN']),
  depth: z.int().min(1).max(10),
  first: z.int().min(1).max(500),
});

type Found = { from: string; to: string; relation: string };

/**
 * Everything that a thing came from (UP) or that came of it (DOWN), nearest first, at most `depth`
 * links away and `first` nodes; the thing itself is the first node. Null when there is no such thing.
 * @throws ValidationError for a depth outside 1–10 or more than 500 nodes.
 */
export async function readLineage(
  sql: Pool,
  input: z.input<typeof LineageQuery>,
): Promise<Lineage | null> {
  const { kind, id, direction, depth, first } = parse(LineageQuery, input);
  const nodes = new Map<string, Pick<LineageNode, 'kind' | 'id'>>([
    [nameOf(kind, id), { kind, id }],
  ]);
  const found: Found[] = [];
  let truncated = false;
  let frontier = [...nodes.values()];
  for (let level = 0; level < depth && frontier.length > 0; level++) {
    const next: typeof frontier = [];
    for (const link of LINKS) {
      const [near, far] = direction === 'UP' ? [link.to, link.from] : [link.from, link.to];
      const ids = frontier.filter((node) => node.kind === near).map((node) => node.id);
      if (ids.length === 0) continue;
      const pairs = await pairsOf(sql, link, direction, ids, 2 * first + 1);
      truncated ||= pairs.length > 2 * first;
      for (const { origin, product } of pairs) {
        const node = { kind: far, id: direction === 'UP' ? origin : product };
        const name = nameOf(node.kind, node.id);
        if (!nodes.has(name)) {
          if (nodes.size === first) {
            truncated = true;
            continue;
          }
          nodes.set(name, node);
          next.push(node);
        }
        const { relation } = link;
        found.push({ from: nameOf(link.from, origin), to: nameOf(link.to, product), relation });
      }
    }
    frontier = next;
  }
  return withTitles(sql, nodes, found, truncated);
}

async function pairsOf(
  sql: Pool,
  { at: [table, origin, product] }: Link,
  direction: 'UP' | 'DOWN',
  ids: string[],
  most: number,
) {
  const near = direction === 'UP' ? product : origin;
  const { rows } = await sql.query<{ origin: string; product: string }>(
    `SELECT ${origin} AS origin, ${product} AS product FROM ${table}
     WHERE ${near} = ANY($1) AND ${origin} IS NOT NULL ORDER BY 1, 2 LIMIT $2`,
    [ids, most],
  );
  return rows;
}

async function withTitles(
  sql: Pool,
  nodes: Map<string, Pick<LineageNode, 'kind' | 'id'>>,
  found: Found[],
  truncated: boolean,
): Promise<Lineage | null> {
  const titled = new Map<string, LineageNode>();
  for (const [kind, group] of Map.groupBy(nodes.values(), (node) => node.kind)) {
    const { rows } = await sql.query<{ id: string; title: string }>(
      `${TITLES[kind]} WHERE id = ANY($1)`,
      [group.map(({ id }) => id)],
    );
    for (const { id, title } of rows) titled.set(nameOf(kind, id), { kind, id, title });
  }
  const [start] = nodes.keys();
  if (!start || !titled.has(start)) return null;
  const edges = found.flatMap(({ from, to, relation }) => {
    const [origin, product] = [titled.get(from), titled.get(to)];
    return origin && product ? [{ from: origin, to: product, relation }] : [];
  });
  const ordered = [...nodes.keys()].flatMap((name) => titled.get(name) ?? []);
  return { nodes: ordered, edges, truncated };
}

const nameOf = (kind: LineageKind, id: string): string => `${kind} ${id}`;
