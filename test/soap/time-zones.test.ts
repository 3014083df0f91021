// What is answered does not depend on the zone of the machine: the same conversations in processes of three zones give
// the same replies and the same state, and the clock is that of the infobase.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { inDataFolder, withChild } from './testing-child.ts';
import { call, copyTemplate, openInfobaseFile } from './testing-service.ts';
import { fillInfobase, findLastDocument, readAfter, type After, type Before } from './testing-state.ts';
import { Wire } from './wire.ts';

const zones = ['UTC', 'Europe/Moscow', 'Asia/Vladivostok'];
const noon = '2026-11-22T12:00:00';
const golden = 'fixtures/soap';
// Conversations in which a date is compared, stored, counted from or shown.
const folders = [
  'GetServiceInfo__in stage online',
  'GetCardInfo__its last day is a good day',
  'GetCardInfo__the day after its last day',
  "GetCardInfo__before its first day by the till's date",
  'ReserveBonus__sets bonus aside',
  'ReserveBonus__the same again',
  'RegisterReceipt__a sale accrues',
  'RegisterReceipt__the same again',
  'RegisterReceipt__all is returned in two parts',
  "RegisterReceipt__out of its dates by the receipt's date",
  'CancelReceipt__the same again',
  'UploadReceipts__a return before its sale',
  'GetCardOperations__all of a card',
  'GetCardOperations__both ends of the period are in it',
];
const recordings = ['axis-1.1', 'mono-1.2', 'gsoap-1.2'];
const names = [...folders, ...recordings].map((_, index) => `base${index}`);

interface Case {
  readonly before: Before;
  readonly requests: readonly Buffer[];
}

function readCase(name: string): Case {
  const folder = folders.includes(name) ? join(golden, name) : join('fixtures/recordings', name);
  const files = readdirSync(folder).toSorted();
  const isRequest = (file: string): boolean =>
    folders.includes(name) ? /^request(?:-\d)?\.xml$/.test(file) : file.endsWith('.xml');
  return {
    before: folders.includes(name)
      ? (JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')) as Before)
      : { cards: [{ number: '0012345678905', bonus: '100' }] },
    requests: files.filter(isRequest).map((file) => readFileSync(join(folder, file))),
  };
}

const cases = [...folders, ...recordings].map(readCase);

interface Told {
  readonly replies: readonly (readonly string[])[];
  readonly after: readonly After[];
}

async function converseIn(zone: string, dataDir: string): Promise<Told> {
  const lastDocuments: number[] = [];
  for (const [index, { before }] of cases.entries()) {
    await copyTemplate(join(dataDir, `${names[index]}.sqlite`));
    const infobase = await openInfobaseFile(join(dataDir, `${names[index]}.sqlite`));
    await fillInfobase(infobase, before);
    lastDocuments.push(await findLastDocument(infobase));
    await infobase.close();
  }
  const replies = await withChild(zone, [dataDir, names.join(','), noon], async ({ port }) => {
    const wire = await Wire.open(port);
    const told: string[][] = cases.map(() => []);
    for (const [index, { requests }] of cases.entries()) {
      for (const body of requests) {
        const reply = await call(wire, { body, path: `/${names[index]}/ws/KKMTransfer` });
        told[index]?.push(reply.body.toString());
      }
    }
    wire.close();
    return told;
  });
  const after: After[] = [];
  for (const [index, name] of names.entries()) {
    const infobase = await openInfobaseFile(join(dataDir, `${name}.sqlite`));
    after.push(await readAfter(infobase, lastDocuments[index]));
    await infobase.close();
  }
  return { replies, after };
}

function maskVersion(reply: string): string {
  return reply.replace(/<m:Version>[^<]*/, '<m:Version>0.0.0');
}

test('the same replies and the same state in every zone', async () => {
  const told = await Promise.all(zones.map((zone) => inDataFolder((folder) => converseIn(zone, folder))));
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
  for (const [index, folder] of folders.entries()) {
    const files = readdirSync(join(golden, folder)).filter((file) => /^response(?:-\d)?\.xml$/.test(file));
    const expected = files.toSorted().map((file) => readFileSync(join(golden, folder, file), 'utf8'));
    expect(told[0]?.replies[index]?.map(maskVersion)).toEqual(expected);
    expect(told[0]?.after[index]).toEqual(JSON.parse(readFileSync(join(golden, folder, 'after.json'), 'utf8')));
  }
});

test.each(zones)('in %s the clock is the one of the infobase', async (zone) => {
  const moscow = systemClock('Europe/Moscow');
  const serverTime = await inDataFolder(async (folder) => {
    await copyTemplate(join(folder, 'trade.sqlite'));
    return withChild(zone, [folder, 'trade'], async ({ port }) => {
      const wire = await Wire.open(port);
      const from = moscow.now();
      const body = readFileSync(join(golden, 'GetServiceInfo__in stage online', 'request.xml'));
      const reply = (await call(wire, { body })).body.toString();
      const to = moscow.now();
      wire.close();
      const [, told = ''] = /<m:ServerTime>([^<]*)</.exec(reply) ?? [];
      return { from, told, to };
    });
  });
  expect(serverTime.told >= serverTime.from && serverTime.told <= serverTime.to).toBe(true);
});
