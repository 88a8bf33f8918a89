import { isIPv6 } from 'node:net';

const GROUPS = 8;

/**
 * What is counted as one place: the address itself, or the first 64 bits of an IPv6 address, since every
 * machine there may use all that begin with them. An IPv4 address in IPv6 notation is the IPv4 address.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return address;
  const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.groups?.v4;
  if (mapped) return mapped;
  // A URL has it in one form only; `::` stands for the groups of zeros that are left out.
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail].map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(GROUPS - (before?.length ?? 0) - (after?.length ?? 0)).fill('0');
  return `${[...(before ?? []), ...zeros, ...(after ?? [])].slice(0, 4).join(':')}::/64`;
}
