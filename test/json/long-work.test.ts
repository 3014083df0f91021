// Long work over HTTP to its end: billing on and off, a run that is stopped and continued, nights; what is asked for meanwhile.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setSetting } from '../operations/testing-infobase.ts';
import { auditor, type TestingService } from '../soap/testing-service.ts';
import { callJson, requestOf, startExample, type JsonCall } from './testing-json.ts';

let service: TestingService;
afterEach(() => service.stop());

interface ShownWork {
  readonly id: string;
  readonly state: string;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly failure: string | null;
}

async function start(call: JsonCall): Promise<ShownWork> {
  const reply = await callJson(service, { method: 'POST', ...call });
  expect([reply.status, reply.json]).toEqual([202, expect.objectContaining({ state: 'running' })]);
  const { id } = reply.json as ShownWork;
  expect(reply.headers.get('location')).toBe(`/trade/hs/discount/v1/work/${id}`);
  return reply.json as ShownWork;
}

/** Asks until it has ended, as a client does. */
async function follow({ id }: ShownWork): Promise<ShownWork> {
  for (;;) {
    const work = (await callJson(service, { path: `work/${id}`, user: auditor })).json as ShownWork;
    if (work.state !== 'running') return work;
    await new Promise(setImmediate);
  }
}

const listEnds = () => service.log.filter(({ message }) => message === 'work ended');
const enable = requestOf('enableBilling');
const readBilling = async () => (await callJson(service, { path: 'billing', user: auditor })).json;

test('billing is switched on, and off again after a backup', async () => {
  service = await startExample('receipt');
  expect(await follow(await start(enable))).toMatchObject({
    state: 'done',
    failure: null,
    result: { startDate: '2026-11-22', lastNight: '2026-11-22', documents: { posted: 1, waiting: 0, failed: 0 } },
  });
  expect(await readBilling()).toMatchObject({
    stage: 'billing',
    exclusive: null,
    enabling: { phase: 'done', posted: 1 },
  });
  const { result } = await follow(await start(requestOf('disableBilling')));
  expect(result).toMatchObject({
    backup: 'trade-before-billing-off-20261122-120000.backup',
    removed: { documents: 2 },
  });
  expect(existsSync(join(service.dataDir, String(result?.['backup'])))).toBe(true);
  expect(await readBilling()).toMatchObject({ stage: 'online', startDate: null, enabling: null });
  const { json } = await callJson(service, { path: 'work' });
  expect(json).toMatchObject({ work: [{ kind: 'disabling' }, { kind: 'enabling' }] });
});

test('a backup is made while others go on, and is in the list', async () => {
  service = await startExample('receipt');
  const { result, failure } = await follow(await start({ path: 'backups' }));
  const name = 'trade-20261122-120000.backup';
  expect([failure, result]).toEqual([null, { name, manifest: expect.objectContaining({ origin: 'hand' }) }]);
  expect(existsSync(join(service.dataDir, name))).toBe(true);
  expect((await callJson(service, { path: 'backups', user: auditor })).json).toMatchObject({
    isFolderSet: false,
    trouble: null,
    backups: [{ name, madeAt: '2026-11-22T12:00:00', state: 'good', receipts: 1 }],
  });
  const again = await follow(await start({ path: 'backups' }));
  expect(again).toMatchObject({ state: 'failed', failure: expect.stringContaining('is there already') });
});

test('documents that had failed are posted again, and billing is on', async () => {
  service = await startExample('failed');
  expect(await readBilling()).toMatchObject({
    enabling: { failed: 1, failures: [{ receiptId: 1, why: 'disk I/O error' }] },
  });
  const work = await start(requestOf('repostReceipt'));
  expect(await follow(work)).toMatchObject({ state: 'done', result: { documents: { failed: 0, posted: 1 } } });
  expect(await readBilling()).toMatchObject({ stage: 'billing', exclusive: null });
});

test('a second one of the kind is not started; the first is asked to stop, and ends where it can', async () => {
  service = await startExample('running work');
  const [work] = ((await callJson(service, { path: 'work' })).json as { work: [ShownWork] }).work;
  const again = await callJson(service, enable);
  expect([again.status, again.json]).toEqual([
    409,
    { code: 409, text: `Уже идёт: Включение биллинга (admin), work/${work.id}` },
  ]);
  expect((await callJson(service, requestOf('stopWork'))).status).toBe(202);
  await service.stop();
  expect(listEnds()).toMatchObject([{ kind: 'enabling', user: 'admin', state: 'stopped' }]);
});

test('a service that stops asks its work to stop, and waits for it', async () => {
  service = await startExample('running work');
  await service.stop();
  expect(listEnds()).toMatchObject([{ kind: 'enabling', state: 'stopped' }]);
  expect(service.log.at(-1)).toMatchObject({ message: 'stopped' });
});

test('a paused run is continued to its end', async () => {
  service = await startExample('paused');
  expect((await callJson(service, requestOf('readCard'))).status).toBe(503);
  expect(await follow(await start(requestOf('continueBilling')))).toMatchObject({ state: 'done' });
  expect((await callJson(service, requestOf('readCard'))).status).toBe(200);
});

test('nights that are due are run in a thread of their own', async () => {
  service = await startExample('billing');
  const work = await follow(await start(requestOf('runNights')));
  expect(work).toMatchObject({
    state: 'done',
    result: { nights: [{ date: '2026-11-22', writeOffLines: 0, accrualLines: 0 }] },
  });
  expect((await callJson(service, { path: 'night/runs' })).json).toMatchObject({
    obstacle: null,
    lastNight: '2026-11-22',
    runs: [{ date: '2026-11-22', writeOffDocumentId: null }],
  });
  const none = await follow(await start(requestOf('runNights')));
  expect(none).toMatchObject({ state: 'done', result: { nights: [] } });
});

test('a past moment is asked about through the gate of the card', async () => {
  service = await startExample();
  await setSetting(service.infobase(), 'stage', 'cards');
  const reply = await callJson(service, { path: 'cards/2900000001?at=2026-01-01T00:00:00' });
  expect([reply.status, reply.json]).toMatchObject([403, { code: 8 }]);
});
