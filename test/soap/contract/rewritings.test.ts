// However a client writes a call, it is the same call; and what only looks like one is refused with the right fault.
import { readFileSync } from 'node:fs';
import { openTimeZone } from '../../../src/ledger/time-zone.ts';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireValue } from '../../../src/soap/contract/wire-tree.ts';
import { decodeBody } from '../../../src/soap/decode.ts';
import { nearEquivalents } from './near-rewritings.ts';
import { equivalents, type Rewriting } from './rewritings.ts';

const contract = loadContract('wsdl/default');
const recording = (name: string) => readFileSync(`fixtures/recordings/${name}.xml`, 'utf8');

function read({ body, headers }: Pick<Rewriting, 'body' | 'headers'>) {
  return contract.readRequest(decodeBody(body, headers['content-type']));
}

const moscow = openTimeZone('Europe/Moscow');

/** Dates that name a zone as the shop's clock shows them; the binding does so, by the infobase's setting. */
function toShopTime(value: WireValue): WireValue {
  if (typeof value === 'string') {
    const isEmptyDate = value.startsWith('0001-01-01T');
    return isEmptyDate ? value.slice(0, 19) : (moscow.toLocal(value) ?? value);
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item: WireValue) => toShopTime(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toShopTime(item)]));
}

function refuse(rewriting: Rewriting): UnreadableRequest {
  try {
    read(rewriting);
  } catch (error) {
    if (error instanceof UnreadableRequest) return error;
    throw error;
  }
  throw new Error(`read: ${rewriting.name}`);
}

const requests = [
  'jaxws-1.1/01-Ping',
  'jaxws-1.1/04-GetCardInfo',
  'mono-1.2/05-ReserveBonus',
  'php-1.1/06-RegisterReceipt',
  'mono-1.1/07-RegisterReceipt',
  'zeep-1.2/09-UploadReceipts',
];

describe.each(requests)('%s', (name) => {
  const xml = recording(name);
  const expected = { ...contract.readRequest(xml), arguments: toShopTime(contract.readRequest(xml).arguments) };
  const rewritings = equivalents(xml);

  test('there are many rewritings, no two alike', () => {
    expect(rewritings.length).toBeGreaterThanOrEqual(150);
    expect(new Set(rewritings.map((one) => one.name)).size).toBe(rewritings.length);
    const sent = rewritings.map((one) => `${one.body.toString('hex')}${JSON.stringify(one.headers)}${one.chunked}`);
    expect(new Set(sent).size).toBe(rewritings.length);
  });

  test.each(rewritings)('$name', (rewriting) => {
    const call = read(rewriting);
    expect({ ...call, arguments: toShopTime(call.arguments) }).toEqual(expected);
  });
});

describe.each(['php-1.1/06-RegisterReceipt', 'soaplite-1.2/05-ReserveBonus'])('nearly %s', (name) => {
  const near = nearEquivalents(recording(name));
  const version = name.includes('1.2') ? '1.2' : '1.1';

  test('there are enough, no two alike', () => {
    expect(near.length).toBeGreaterThanOrEqual(60);
    expect(new Set(near.map((one) => one.name)).size).toBe(near.length);
  });

  test.each(near)('$name', (rewriting) => {
    const refusal = refuse(rewriting);
    expect(refusal.fault).toBe(rewriting.fault);
    expect(['1.1', version]).toContain(refusal.version);
    expect(refusal.message).toMatch(/[а-яё]{3}/i);
    expect(refusal.message.length).toBeLessThan(300);
    // eslint-disable-next-line no-control-regex -- these are what must not be echoed
    expect(refusal.message).not.toMatch(/[\u0000-\u001f{}<>&]/);
  });
});
