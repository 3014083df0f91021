// Sealed days in the console: none yet, the seals with their digests, and what a day that is due waits for.
import { sealDay } from '../../../src/operations/seals/make-seal.ts';
import { recordSealRun } from '../../../src/operations/seals/seal-run.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type TestingConsole } from '../testing-console.ts';

let trial: TestingConsole;
beforeEach(async () => {
  trial = await startConsole();
});
afterEach(() => trial.service.stop());

const address = '/console/trade/seals';
const runner = { holder: 'test', readMs: () => 0, nightTime: '02:00:00' };

test('seals are listed, the latest first, with their digests; the jobs lead there', async () => {
  const visitor = await trial.visit(auditor);
  expect((await visitor.get(address)).text).toContain('Ни один день ещё не опломбирован.');
  const infobase = trial.service.infobase();
  const digests: string[] = [];
  for (const now of ['2026-11-23T02:10:00', '2026-11-25T02:10:00']) {
    const end = await sealDay(infobase, moment(now), runner);
    if (end.code !== 'sealed') throw new Error(end.code);
    digests.push(end.seal.digest);
  }
  const page = await visitor.get(address);
  expect(page.text).toMatch(
    new RegExp(`24\\.11\\.2026 25\\.11\\.2026 02:10:00 .* ${digests[1]} 22\\.11\\.2026 .* ${digests[0]}`),
  );
  expect(page.text).toContain(`Последняя пломба ${digests[1]} Состояние`);
  expect(page.text).toContain('опломбировано по 24.11.2026');
  expect((await visitor.get('/console/trade/jobs')).html).toContain(`href="${address}"`);
});

test('a sealing that failed says why', async () => {
  const at = moment('2026-11-23T02:10:00');
  await recordSealRun(trial.service.infobase(), { startedAt: at, finishedAt: at, businessOn: null, why: 'ENOSPC' });
  const visitor = await trial.visit();
  expect((await visitor.get(address)).text).toContain('не опломбирован: ENOSPC');
  expect((await visitor.get('/console/trade/jobs')).text).toContain('не опломбирован: ENOSPC');
  expect((await visitor.get(`/console/language?to=en&back=${address}`)).text).toContain('failed: ENOSPC');
});
