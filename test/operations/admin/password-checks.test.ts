// The queue of password checks: how many run, who comes first, who finds no room, and who is dropped; all by counts.
import {
  openPasswordChecks,
  type CheckPlace,
  type CheckRank,
  type PasswordChecks,
  type QueuedCheck,
} from '../../../src/operations/admin/password-checks.ts';

interface Asked {
  readonly name: string;
  readonly queued: QueuedCheck<string>;
}

/** A queue with what has had its turn, in order; a check ends when the test says so. */
class Bench {
  readonly checks: PasswordChecks;
  readonly started: string[] = [];
  readonly ends = new Map<string, string>();
  private readonly finishers = new Map<string, () => void>();

  constructor(atOnce: number, waitingStrangers: number) {
    this.checks = openPasswordChecks({ atOnce, waitingStrangers });
  }

  ask(name: string, place: Partial<CheckPlace> & { readonly rank?: CheckRank } = {}): Asked {
    const { rank = 'stranger', address = 'A', pair = `${address} ${name}` } = place;
    const queued = this.checks.enter({ rank, address, pair }, () => {
      this.started.push(name);
      return new Promise<string>((resolve) => void this.finishers.set(name, () => resolve(`${name} is checked`)));
    });
    void queued.end.then((end) => void this.ends.set(name, end.sort));
    return { name, queued };
  }

  async finish(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.finishers.get(name)?.();
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  /** Lets every check come to its end, in the order that they begin. */
  async finishAll(): Promise<readonly string[]> {
    for (let index = 0; index < this.started.length; index += 1) await this.finish(this.started[index] as string);
    return this.started;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test.each([1, 2, 3])('%d run at once and the others wait', async (atOnce) => {
  const bench = new Bench(atOnce, 100);
  for (let index = 0; index < 10; index += 1) bench.ask(`n${index}`);
  expect(bench.checks.readCounts()).toEqual({
    running: atOnce,
    waiting: 10 - atOnce,
    started: atOnce,
    refused: 0,
    dropped: 0,
  });
  for (let done = 1; done <= 10; done += 1) {
    await bench.finish(`n${done - 1}`);
    const { running, started } = bench.checks.readCounts();
    expect([running, started]).toEqual([Math.min(atOnce, 10 - done), Math.min(10, done + atOnce)]);
  }
  expect([...bench.ends.values()]).toEqual(Array.from({ length: 10 }, () => 'checked'));
});

test('the answer is that of the check, and a check that fails holds nobody up', async () => {
  const checks = openPasswordChecks({ atOnce: 1, waitingStrangers: 1 });
  const place = { rank: 'stranger', address: 'A', pair: 'A a' } as const;
  const failed = checks.enter(place, () => Promise.reject(new Error('a damaged hash')));
  const next = checks.enter(place, () => Promise.resolve(42));
  await expect(failed.end).rejects.toThrow('a damaged hash');
  expect(await next.end).toEqual({ sort: 'checked', value: 42 });
  expect(checks.readCounts()).toMatchObject({ running: 0, waiting: 0, started: 2 });
});

test('a credential that was right before comes first, then who is acquainted, then strangers', async () => {
  const bench = new Bench(1, 100);
  bench.ask('running');
  bench.ask('stranger 1');
  bench.ask('acquainted 1', { rank: 'acquainted' });
  bench.ask('proven 1', { rank: 'proven' });
  bench.ask('stranger 2');
  bench.ask('proven 2', { rank: 'proven' });
  bench.ask('acquainted 2', { rank: 'acquainted' });
  expect(await bench.finishAll()).toEqual([
    'running',
    'proven 1',
    'proven 2',
    'acquainted 1',
    'acquainted 2',
    'stranger 1',
    'stranger 2',
  ]);
});

test('of an acquainted pair one check goes first; the name alone does not open the way for more', async () => {
  const bench = new Bench(1, 100);
  bench.ask('running');
  for (const name of ['a1', 'a2', 'a3']) bench.ask(name, { rank: 'acquainted', pair: 'A till' });
  bench.ask('b1', { rank: 'acquainted', pair: 'B till', address: 'B' });
  expect(await bench.finishAll()).toEqual(['running', 'a1', 'b1', 'a2', 'a3']);
});

test('strangers take turns by address', async () => {
  const bench = new Bench(1, 100);
  bench.ask('running');
  for (const name of ['a1', 'a2', 'a3', 'a4']) bench.ask(name, { address: 'A' });
  bench.ask('b1', { address: 'B' });
  bench.ask('c1', { address: 'C' });
  bench.ask('b2', { address: 'B' });
  expect(await bench.finishAll()).toEqual(['running', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});

test('over the bound a stranger is refused; who has logged in before is not', async () => {
  const bench = new Bench(1, 3);
  for (const name of ['running', 's1', 's2', 's3', 's4', 's5']) bench.ask(name);
  bench.ask('proven', { rank: 'proven' });
  bench.ask('acquainted', { rank: 'acquainted' });
  await settle();
  expect([...bench.ends]).toEqual([
    ['s4', 'refused'],
    ['s5', 'refused'],
  ]);
  expect(bench.checks.readCounts()).toMatchObject({ waiting: 5, refused: 2 });
  expect(await bench.finishAll()).toEqual(['running', 'proven', 'acquainted', 's1', 's2', 's3']);
});

test('an address that fills the queue makes room for another one, until each has its share', async () => {
  const bench = new Bench(1, 4);
  for (const name of ['running', 'a1', 'a2', 'a3', 'a4']) bench.ask(name, { address: 'A' });
  for (const name of ['b1', 'b2', 'b3']) bench.ask(name, { address: 'B' });
  await settle();
  expect([...bench.ends]).toEqual([
    ['a4', 'refused'],
    ['a3', 'refused'],
    ['b3', 'refused'],
  ]);
  expect(await bench.finishAll()).toEqual(['running', 'a1', 'b1', 'a2', 'b2']);
});

test('who leaves while waiting is never checked, and leaves room', async () => {
  const bench = new Bench(1, 3);
  bench.ask('running');
  const asked = [
    bench.ask('stranger'),
    bench.ask('proven', { rank: 'proven' }),
    bench.ask('acquainted', { rank: 'acquainted' }),
  ];
  bench.ask('last');
  for (const { queued } of asked) expect(queued.leave()).toBe(true);
  await settle();
  expect([...bench.ends.values()]).toEqual(['dropped', 'dropped', 'dropped']);
  expect(bench.checks.readCounts()).toEqual({ running: 1, waiting: 1, started: 1, refused: 0, dropped: 3 });
  expect(await bench.finishAll()).toEqual(['running', 'last']);
  for (const { queued } of asked) expect(queued.leave()).toBe(false);
});

test('a check that runs goes on to its end, whoever leaves', async () => {
  const bench = new Bench(1, 3);
  const { queued } = bench.ask('running');
  expect(queued.leave()).toBe(false);
  await bench.finishAll();
  expect(bench.ends.get('running')).toBe('checked');
  expect(bench.checks.readCounts().dropped).toBe(0);
});

test('sixty callers that leave at once leave nothing behind', async () => {
  const bench = new Bench(2, 64);
  const asked = Array.from({ length: 60 }, (_, index) => bench.ask(`n${index}`, { address: `A${index % 7}` }));
  for (const { queued } of asked) queued.leave();
  expect(bench.checks.readCounts()).toEqual({ running: 2, waiting: 0, started: 2, refused: 0, dropped: 58 });
  await bench.finishAll();
  expect(bench.checks.readCounts()).toMatchObject({ running: 0, started: 2 });
});
