// Lists of addresses and networks, as KKM_METRICS_FROM and KKM_TRUSTED_PROXIES have them.
import { isIP } from 'node:net';
import { parseAddresses } from '../src/parse-addresses.ts';

test.each([
  ['127.0.0.1', ['127.0.0.1', '::ffff:127.0.0.1'], ['127.0.0.2', '::1']],
  [' 10.0.0.0/8 , ::1 ', ['10.255.0.1', '::1'], ['11.0.0.1', '::2']],
  ['fd00::/8', ['fd12:3456::1'], ['fe80::1', '10.0.0.1']],
  ['0.0.0.0/0', ['8.8.8.8'], ['2001:db8::1']],
])('"%s"', (text, inside, outside) => {
  const addresses = parseAddresses(text);
  const isIn = (address: string): boolean => addresses.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  expect(inside.map(isIn)).toEqual(inside.map(() => true));
  expect(outside.map(isIn)).toEqual(outside.map(() => false));
});

test.each(['', 'localhost', '10.0.0.0/33', '::1/129', '10.0.0', '127.0.0.1,', '10.0.0.0/8/8', '1.2.3.4:80'])(
  '"%s" is none',
  (text) => {
    expect(() => parseAddresses(text)).toThrow('addresses and networks such as 127.0.0.1, 10.0.0.0/8, ::1');
  },
);
