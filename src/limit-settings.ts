// The settings of what the service takes of anybody: their rows, and the one form that is theirs alone.
import { BlockList, isIP } from 'node:net';
import { Expected, type Parse } from './parse-setting.ts';

export const limitTable = {
  REQUESTS: { fallback: '512', about: 'requests answered at once; one more gets 503' },
  HEADER_LIMIT: { fallback: '16kb', about: 'greatest length of the headers of a request' },
  HEADERS: { fallback: '100', about: 'greatest number of headers of a request' },
  HEADER_TIMEOUT: { fallback: '30', about: 'seconds in which the headers of a request must be there' },
  REQUEST_TIMEOUT: { fallback: '300', about: 'seconds in which a whole request must be there' },
  KEEP_ALIVE: { fallback: '65', about: 'seconds that a connection stays open without a request' },
  SESSIONS: { fallback: '20', about: 'sessions of the console that a user has at once; the oldest ends' },
  TRUSTED_PROXIES: { about: 'addresses and networks whose X-Forwarded-For is believed, separated by commas' },
} as const;

const expectedProxies = 'addresses and networks such as 10.0.0.5,192.168.0.0/16,::1';

export const parseTrustedProxies: Parse<BlockList> = (text) => {
  const list = new BlockList();
  for (const one of text.split(',').map((part) => part.trim())) {
    const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(one) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(prefix ?? 0) > (version === 4 ? 32 : 128)) throw new Expected(expectedProxies);
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
};
