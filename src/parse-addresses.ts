// A list of addresses and networks, as settings have them.
import { BlockList, isIP } from 'node:net';
import { Expected, type Parse } from './parse-setting.ts';

/** "127.0.0.1, 10.0.0.0/8, ::1" */
export const parseAddresses: Parse<BlockList> = (text) => {
  const addresses = new BlockList();
  for (const one of text.split(',').map((part) => part.trim())) {
    const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(one) ?? [];
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    if (version === 0 || Number(length ?? longest) > longest) {
      throw new Expected('addresses and networks such as 127.0.0.1, 10.0.0.0/8, ::1');
    }
    addresses.addSubnet(address, Number(length ?? longest), version === 4 ? 'ipv4' : 'ipv6');
  }
  return addresses;
};
