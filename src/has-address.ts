// Whether an address is one of a list of addresses and networks.
import { isIP, isIPv6, type BlockList } from 'node:net';

/** Of what is no address, false: the connection has gone. */
export function hasAddress(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
