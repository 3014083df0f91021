// The worker thread of a sealing, as the built program starts it: it seals a file that this process has open too.
import { startSealWorker } from '../../../src/jobs/seals/start-seal-worker.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { firstDay, openSealTrial, verify } from '../../operations/seals/testing-seals.ts';
import { passNightsTo } from '../../operations/billing/testing-billing.ts';
import { addDays } from '../../../src/ledger/local-date-time.ts';

test('it seals in a thread, and says the digest that is in the database', async () => {
  const trial = await openSealTrial();
  try {
    const next = addDays(firstDay, 1);
    await passNightsTo(trial.infobase, next);
    const options = { name: 'trade', file: trial.file, hasSubscription: true };
    const task = { infobase: options, now: moment(`${next}T02:10:00`), nightTime: '02:00:00', holder: 'thread' };
    const end = await startSealWorker(task).ended;
    if (end.code !== 'sealed') throw new Error(JSON.stringify(end));
    expect(await verify(trial.infobase)).toMatchObject({ found: 0, last: { digest: end.seal.digest } });
    expect(await startSealWorker(task).ended).toEqual({ code: 'up_to_date' });
  } finally {
    await trial.end();
  }
});

test('what it throws is thrown here', async () => {
  const task = { now: moment('2026-01-02T02:10:00'), nightTime: '02:00:00', holder: 'thread' };
  const infobase = { name: 'trade', file: '/nowhere/trade.sqlite', hasSubscription: true };
  await expect(startSealWorker({ ...task, infobase }).ended).rejects.toThrow('cannot be opened');
});
