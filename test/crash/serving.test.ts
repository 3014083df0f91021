// The service under the calls of a fleet of tills, ended in the middle of its work: by SIGKILL before any step of it, also
// while it starts, as a power cut would; and by SIGTERM, as an operator does. Whatever a till was answered is there afterwards
// exactly once; whatever it was not, it sends again, and then it is there exactly once.
import type { BuiltService } from '../commands/service/built-service.ts';
import { countKills, openCrashShop, type CrashShop } from './crash-shop.ts';
import { arm, wasKilled, type KillPoint } from './killed-program.ts';

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'billing', tills: 8 });
});
afterEach(() => shop.workshop.close());

/** About as many as a start has. */
const startSteps = 120;
/** About as many as some hundreds of calls have. */
const loadSteps = 3_000;

/** What ends the service next: a step of its own, or a count of the tills' calls. */
function pickKill(kill: number): KillPoint | undefined {
  if (kill % 8 === 6) return { thread: 'main', step: shop.pick(1, startSteps), from: 'start' };
  return kill % 2 === 1 ? { thread: 'main', step: shop.pick(1, loadSteps), from: 'signal' } : undefined;
}

async function ringUntilKilled(service: BuiltService, killAt: KillPoint | undefined): Promise<void> {
  const by = shop.pick(0, 2) === 0 ? 'onSent' : 'onAnswered';
  const fatal = shop.pick(1, 150);
  const end = (count: number): void => {
    if (killAt === undefined && count === fatal) service.child.kill('SIGKILL');
  };
  if (killAt !== undefined) arm(service);
  await shop.fleet.run(service.port, { [by]: end });
  expect(wasKilled(await service.ended)).toBe(true);
}

test('killed under load and while it starts: nothing answered is lost, nothing is taken twice', async () => {
  const kills = countKills(8);
  for (let kill = 0; kill < kills; kill += 1) {
    const killAt = pickKill(kill);
    const service = await shop.killer.serve({ killAt });
    if (service === undefined || killAt?.from === 'start') {
      // Where it was quicker than its kill, it ends here.
      service?.child.kill('SIGKILL');
      await service?.ended;
      continue;
    }
    await shop.checkAfterKill(service);
    if (kill % 10 === 9) await shop.verify();
    await ringUntilKilled(service, killAt);
  }
  const last = await shop.serve();
  await shop.checkAfterKill(last);
  await shop.checkAll(last);
  last.child.kill('SIGKILL');
  shop.report('serving', kills);
});

test('asked to stop under load: it answers what it has begun, ends with 0, and has all it answered', async () => {
  const first = await shop.serve();
  await shop.fleet.run(first.port, {
    onAnswered: (count) => {
      if (count === 60) first.child.kill('SIGTERM');
    },
  });
  expect(await first.ended).toEqual([0, null]);
  expect(shop.journal.answered).toBeGreaterThanOrEqual(60);
  // Its log is whole as well, to the last answer and the last word.
  const count = (words: string): number => first.lines.filter((line) => line.includes(words)).length;
  expect([count('"message":"stopped"'), count('"level":"error"')]).toEqual([1, 0]);
  expect(count('"operation":')).toBeGreaterThanOrEqual(shop.journal.answered);
  const second = await shop.serve();
  await shop.checkAfterKill(second);
  await shop.checkAll(second);
  second.child.kill('SIGINT');
  expect(await second.ended).toEqual([0, null]);
});
