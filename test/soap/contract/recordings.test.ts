// The same ten calls as eight real clients sent them: every client's n-th request is the same call, the one that
// recorded-calls.json has as it was meant. What a client made of it on its own is undone below, and only that.
import { readdirSync, readFileSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import type { WireTree, WireValue } from '../../../src/soap/contract/wire-tree.ts';
import { decodeBody } from '../../../src/soap/decode.ts';

const contract = loadContract('wsdl/default');
const folder = 'fixtures/recordings';
const clients = readdirSync(folder).toSorted();

interface RecordedHeaders {
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * No value, as clients have it: nil, absent, or the empty date, which Axis moves by two days on its way through a
 * calendar and gSOAP takes for the beginning of its own. That these dates mean no value is decided by the binding, and
 * what the Z of these two means by a setting of the infobase.
 */
const emptyDates = new Set(['0001-01-01T00:00:00', '0001-01-03T00:00:00', '1970-01-01T00:00:00']);

function normalize(value: WireValue): WireValue {
  if (typeof value === 'string') {
    if (/^\d{4}-.*Z$/.test(value)) return value.slice(0, -1);
    return /^\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item: WireValue) => normalize(item));
  const entries = Object.entries(value as WireTree).filter(
    ([, item]) => item !== null && !(typeof item === 'string' && emptyDates.has(item.replace(/Z$/, ''))),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, normalize(item)]));
}

function readRecording(client: string, file: string) {
  const { headers } = JSON.parse(
    readFileSync(`${folder}/${client}/${file.replace('.xml', '.headers.json')}`, 'utf8'),
  ) as RecordedHeaders;
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return contract.readRequest(decodeBody(readFileSync(`${folder}/${client}/${file}`), contentType));
}

const calls = JSON.parse(readFileSync('fixtures/soap-contract/recorded-calls.json', 'utf8')) as Readonly<
  Record<string, object>
>;

test('fourteen ways of sending were recorded', () => {
  expect(clients).toHaveLength(14);
});

describe.each(clients)('%s', (client) => {
  const files = readdirSync(`${folder}/${client}`).filter((file) => file.endsWith('.xml'));

  test('made every call', () => {
    expect(files.map((file) => file.replace('.xml', '')).toSorted()).toEqual(Object.keys(calls));
  });

  test.each(files)('%s', (file) => {
    const name = file.replace('.xml', '');
    const call = readRecording(client, file);
    expect(call.operation).toBe(name.slice(3));
    expect(call.version).toBe(client.slice(-3));
    expect(normalize(call.arguments)).toEqual(calls[name]);
  });
});
