// The job of the seals: it seals a day once it has ended, in a thread where the service runs it, and says so in the log.
import { Writable } from 'node:stream';
import { createLogger, format, transports, type Logger } from 'winston';
import { countJobs, type JobCounts } from '../../../src/job-counts.ts';
import { SealJob } from '../../../src/jobs/seals/seal-job.ts';
import type { StartSeal } from '../../../src/jobs/seals/start-seal-worker.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { readSealState } from '../../../src/operations/seals/seal-run.ts';
import { sealDay } from '../../../src/operations/seals/make-seal.ts';
import { verifySeals } from '../../../src/operations/seals/verify-seals.ts';
import { addCard, buildSale, moment, openTestInfobase, register } from '../../operations/testing-infobase.ts';

let infobase: Infobase;
let lines: Record<string, unknown>[];
let log: Logger;
let now: LocalDateTime;
let counts: JobCounts;

beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await register(infobase, buildSale());
  lines = [];
  counts = countJobs(() => 5);
  const stream = new Writable({
    write: (text, _encoding, done) => {
      lines.push(JSON.parse(String(text)) as Record<string, unknown>);
      done();
    },
  });
  log = createLogger({ format: format.json(), transports: [new transports.Stream({ stream })] });
});
afterEach(() => infobase.close());

/** In the test's own thread. */
const here: StartSeal = (task) => ({
  ended: sealDay(infobase, task.now, { ...task, readMs: () => 0 }),
  stop: () => undefined,
});

function openJob(startSeal: StartSeal = here): SealJob {
  const clock = { now: () => now };
  const options = { name: 'test', file: ':memory:', hasSubscription: false };
  return new SealJob({ bases: [{ infobase, clock, options }], nightTime: '02:00:00', log, counts, startSeal });
}

test('it seals the day that has ended, once, and the digest is in the log', async () => {
  const job = openJob();
  now = moment('2026-11-23T01:59:59');
  await job.run();
  now = moment('2026-11-23T02:00:00');
  await job.run();
  await job.run();
  const { last } = await verifySeals(infobase, { limit: 1 });
  const said = lines.map(({ message, businessOn, digest }) => ({ message, businessOn, digest }));
  expect(said).toEqual([
    { message: 'day sealed', businessOn: '2026-11-21', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { message: 'day sealed', businessOn: '2026-11-22', digest: last?.digest },
  ]);
  expect(counts.find('test', 'seal')).toEqual({ doneAtMs: 5, failures: 0 });
  expect(await readSealState(infobase, now, '02:00:00')).toMatchObject({
    lastRun: { startedAt: now, finishedAt: now, businessOn: '2026-11-22', why: null },
    last: { digest: last?.digest },
    days: 0,
    obstacle: null,
  });
  expect((await readSealState(infobase, moment('2026-11-25T02:00:00'), '02:00:00')).days).toBe(2);
});

test('a failure is logged, and the next look tries again', async () => {
  now = moment('2026-11-23T02:00:00');
  let tries = 0;
  const job = openJob((task) => {
    tries += 1;
    return tries === 1 ? { ended: Promise.reject(new Error('the disk is full')), stop: () => undefined } : here(task);
  });
  await job.run();
  expect(counts.find('test', 'seal')).toEqual({ doneAtMs: undefined, failures: 1 });
  const { lastRun, last } = await readSealState(infobase, now, '02:00:00');
  expect([last, lastRun]).toEqual([
    null,
    { startedAt: now, finishedAt: now, businessOn: null, why: 'the disk is full' },
  ]);
  await job.run();
  expect((await readSealState(infobase, now, '02:00:00')).lastRun).toMatchObject({ why: null });
  expect(lines.map(({ message }) => message)).toEqual(['sealing failed', 'day sealed']);
});

test('a stop waits for the day that is being sealed, and no other is begun', async () => {
  now = moment('2026-11-23T02:00:00');
  const job = openJob();
  const working = job.run();
  await job.stop();
  await working;
  now = moment('2026-11-24T02:00:00');
  await job.run();
  expect(lines.length).toBeLessThan(2);
});
