import type { Socket } from 'node:net';
import { networkOf } from '../lib/network.ts';

/** Counts open sockets by where they come from, so that one address cannot take them all. */
export function openSocketCaps(most: number) {
  const open = new Map<string, number>();
  return {
    /** Whether one more is let in; it is counted until it closes. */
    admit(socket: Socket): boolean {
      const address = networkOf(socket.remoteAddress ?? 'unknown');
      const count = open.get(address) ?? 0;
      if (count >= most) return false;
      open.set(address, count + 1);
      socket.once('close', () => {
        const left = (open.get(address) ?? 1) - 1;
        if (left > 0) open.set(address, left);
        else open.delete(address);
      });
      return true;
    },
  };
}
