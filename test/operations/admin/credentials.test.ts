// Who sends a header: what is checked and what is remembered, for how long, and how failures are reported. All by counts of
// checks, on a clock that the test sets.
import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { openPasswordChecks, type PasswordChecks } from '../../../src/operations/admin/password-checks.ts';
import { removeServiceUser } from '../../../src/operations/admin/users.ts';
import {
  keepCredentials,
  type Caller,
  type Peer,
  type CredentialKeeper,
  type FailedLogin,
} from '../../../src/operations/admin/credentials.ts';
import { openTestInfobase, setSetting } from '../testing-infobase.ts';
import { addUser, basic } from '../../soap/testing-service.ts';

const till = { name: 'Касса 1', role: 'till', password: 'пароль:1' } as const;
const other = { name: 'Касса 2', role: 'till', password: 'пароль:2' } as const;
const minute = 60_000;
const hour = 60 * minute;

/** A client's request, until it goes away. */
class Client extends EventEmitter implements Caller {
  destroyed = false;
  readonly peer: Peer;

  constructor(address = '10.0.0.1') {
    super();
    this.peer = { address };
  }

  leave(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

let infobase: Infobase;
let checks: PasswordChecks;
let keeper: CredentialKeeper;
let nowMs: number;
let failures: FailedLogin[];

beforeEach(async () => {
  infobase = await openTestInfobase();
  await addUser(infobase, till);
  await addUser(infobase, other);
  open();
});
afterEach(() => infobase.close());

/** A service as it has just been started. */
function open(waitingStrangers = 64): void {
  nowMs = 0;
  failures = [];
  checks = openPasswordChecks({ atOnce: 1, waitingStrangers });
  keeper = keepCredentials(infobase, { readMs: () => nowMs, checks, report: (failed) => void failures.push(failed) });
}

const started = (): number => checks.readCounts().started;

function wrong(password: string): string {
  return basic({ ...till, password });
}

/** "till", "nobody", "in 5 s" */
async function ask(header: string | undefined, client = new Client()): Promise<string> {
  const { visitor, retryAfterSeconds } = await keeper.identify(header, client, client.peer);
  return visitor?.role ?? (retryAfterSeconds === undefined ? 'nobody' : `in ${retryAfterSeconds} s`);
}

/** Takes the one place there is; what is asked meanwhile waits until the returned function is called. */
function holdQueue(): () => void {
  const held = new EventEmitter();
  const place = { rank: 'proven', address: 'x', pair: 'x x' } as const;
  checks.enter(place, () => once(held, 'release'));
  return () => void held.emit('release');
}

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe('a credential that is right', () => {
  test('is checked once, whoever sends it', async () => {
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1']) {
      expect(await keeper.identify(basic(till), new Client(), { address })).toMatchObject({
        visitor: { name: till.name, role: 'till' },
      });
    }
    expect([started(), failures]).toEqual([1, []]);
  });

  test('is remembered while it is used, and for twelve hours after', async () => {
    await ask(basic(till));
    for (const at of [11, 22, 33, 44.9]) {
      nowMs = at * hour;
      expect(await ask(basic(till))).toBe('till');
    }
    expect(started()).toBe(1);
    nowMs += 12 * hour;
    expect([await ask(basic(till)), started()]).toEqual(['till', 2]);
  });

  test('is remembered whatever is set and whoever else changes', async () => {
    await ask(basic(till));
    await setSetting(infobase, 'holdTimeout', '60');
    await addUser(infobase, { ...other, password: 'новый' });
    await removeServiceUser(infobase, other.name);
    expect([await ask(basic(till)), started()]).toEqual(['till', 1]);
  });

  test('is forgotten when its user changes', async () => {
    await ask(basic(till));
    await addUser(infobase, { ...till, role: 'auditor' });
    expect([await ask(basic(till)), started()]).toEqual(['auditor', 2]);
    await addUser(infobase, { ...till, password: 'новый' });
    expect([await ask(basic(till)), await ask(wrong('новый')), started()]).toEqual(['nobody', 'till', 4]);
    await removeServiceUser(infobase, till.name);
    expect(await ask(wrong('новый'))).toBe('nobody');
  });

  test('leaves neither itself nor its password in memory', async () => {
    await ask(basic(till));
    await ask(wrong('подбор'));
    const held = inspect(keeper, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null });
    expect(held).toContain('scrypt');
    for (const secret of [till.password, 'подбор', basic(till).slice(6), wrong('подбор').slice(6)]) {
      expect(held).not.toContain(secret);
    }
  });

  test('sent by many at once is checked once', async () => {
    const release = holdQueue();
    const answers = Array.from({ length: 50 }, () => ask(basic(till)));
    await waitFor(() => checks.readCounts().waiting === 1);
    release();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['till']));
    expect(started()).toBe(2);
  });
});

describe('a credential that is wrong', () => {
  test('starts no second check while one runs, and none for a minute', async () => {
    const release = holdQueue();
    const answers = Array.from({ length: 50 }, () => ask(wrong('x')));
    await waitFor(() => checks.readCounts().waiting === 1);
    release();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['nobody']));
    nowMs = minute - 1;
    expect([await ask(wrong('x')), started()]).toEqual(['nobody', 2]);
    nowMs = minute;
    expect([await ask(wrong('x')), started()]).toEqual(['nobody', 3]);
    expect(failures).toHaveLength(52);
  });

  test('is right as soon as its user has got this password', async () => {
    expect(await ask(wrong('новый'))).toBe('nobody');
    await addUser(infobase, { ...till, password: 'новый' });
    expect(await ask(wrong('новый'))).toBe('till');
    const unknown = basic({ name: 'Касса 3', password: 'третья' });
    expect(await ask(unknown)).toBe('nobody');
    await addUser(infobase, { name: 'Касса 3', role: 'till', password: 'третья' });
    expect(await ask(unknown)).toBe('till');
  });

  test('stays wrong whatever is set', async () => {
    await ask(wrong('x'));
    await setSetting(infobase, 'holdTimeout', '60');
    expect([await ask(wrong('x')), started()]).toEqual(['nobody', 1]);
  });

  test.each([
    ['nothing', 'Basic '],
    ['no base64', 'Basic ***'],
    ['another scheme', 'Bearer abc'],
    ['no colon', `Basic ${Buffer.from('Касса 1').toString('base64')}`],
    ['a zero byte after the password', wrong(`${till.password}\0`)],
    ['a line end in it', wrong(`${till.password}\n`)],
    ['a control character in the name', basic({ ...till, name: 'Касса 1\u0007' })],
    ['blanks round the name', basic({ ...till, name: ' Касса 1' })],
    ['an empty name', basic({ ...till, name: '' })],
    ['an empty password', wrong('')],
    ['a name of 101 letters', basic({ ...till, name: 'a'.repeat(101) })],
    ['a password of 257 letters', wrong('a'.repeat(257))],
    ['a letter that windows-1251 does not have', `Basic ${Buffer.from([0x6b, 0x3a, 0xef, 0x98]).toString('base64')}`],
  ])('costs no check where no user can have it: %s', async (_what, header) => {
    expect([await ask(header), started(), failures.length]).toEqual(['nobody', 0, 1]);
  });
});

test('to ask without credentials is no failed login', async () => {
  expect([await ask(undefined), started(), failures]).toEqual(['nobody', 0, []]);
});

test('a failed login is reported with its address and name, and whether there is such a user', async () => {
  await ask(wrong('x'), new Client('10.0.0.7'));
  await ask(basic({ name: 'никто', password: 'x' }));
  await ask('Basic ***');
  expect(failures).toEqual([
    { address: '10.0.0.7', name: till.name, isKnownName: true, isChecked: true },
    { address: '10.0.0.1', name: 'никто', isKnownName: false, isChecked: true },
    { address: '10.0.0.1', name: '', isKnownName: false, isChecked: true },
  ]);
});

describe('callers that leave', () => {
  test('are not checked: before the check is asked for, and while it waits', async () => {
    const release = holdQueue();
    const gone = new Client();
    gone.leave();
    expect(await ask(wrong('a'), gone)).toBe('nobody');
    const clients = Array.from({ length: 20 }, () => new Client());
    const answers = clients.map((client, index) => ask(wrong(`b${index}`), client));
    await waitFor(() => checks.readCounts().waiting === 20);
    for (const client of clients) client.leave();
    expect(checks.readCounts()).toMatchObject({ waiting: 0, dropped: 20 });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['nobody']));
    release();
    expect([await ask(basic(till)), started(), failures]).toEqual(['till', 2, []]);
  });

  test('leave a check alone that others wait for, and no listener', async () => {
    const release = holdQueue();
    const [first, second] = [new Client(), new Client()];
    const answers = [ask(basic(till), first), ask(basic(till), second)];
    await waitFor(() => second.listenerCount('close') === 1);
    first.leave();
    expect(checks.readCounts()).toMatchObject({ waiting: 1, dropped: 0 });
    release();
    expect(await answers[1]).toBe('till');
    expect([first.listenerCount('close'), second.listenerCount('close')]).toEqual([0, 0]);
  });

  test('a check that was dropped is entered again for who comes next', async () => {
    const release = holdQueue();
    const first = new Client();
    const left = ask(basic(till), first);
    await waitFor(() => checks.readCounts().waiting === 1);
    first.leave();
    const next = ask(basic(till));
    await waitFor(() => checks.readCounts().waiting === 1);
    release();
    expect([await left, await next]).toEqual(['nobody', 'till']);
  });
});

describe('when many ask', () => {
  test('who was right before comes before strangers, and is never put off', async () => {
    open(3);
    await ask(basic(till));
    nowMs = 13 * hour;
    const release = holdQueue();
    const order: string[] = [];
    const strangers = ['a', 'b', 'c', 'd', 'e'].map(async (password) => {
      order.push(`${password}: ${await ask(basic({ name: 'никто', password }))}`);
    });
    await waitFor(() => checks.readCounts().refused === 2);
    const again = ask(basic(till)).then((answer) => void order.push(`till: ${answer}`));
    await waitFor(() => checks.readCounts().waiting === 4);
    release();
    await Promise.all([...strangers, again]);
    expect(order).toEqual(['d: in 5 s', 'e: in 5 s', 'till: till', 'a: nobody', 'b: nobody', 'c: nobody']);
    expect(failures.map(({ isChecked }) => isChecked)).toEqual([false, false, true, true, true]);
  });

  test('a till with a new password comes before strangers too: it has logged in from there', async () => {
    await ask(basic(till));
    await addUser(infobase, { ...till, password: 'новый' });
    const release = holdQueue();
    const order: string[] = [];
    const strangers = ['a', 'b', 'c'].map(async (password) => {
      await ask(basic({ name: 'никто', password }));
      order.push(password);
    });
    await waitFor(() => checks.readCounts().waiting === 3);
    const again = ask(wrong('новый')).then((answer) => void order.push(answer));
    await waitFor(() => checks.readCounts().waiting === 4);
    release();
    await Promise.all([...strangers, again]);
    expect(order).toEqual(['till', 'a', 'b', 'c']);
  });

  test('a pair that fails again and again waits, unchecked, whatever it sends', async () => {
    const guess = async (times: number): Promise<string[]> => {
      const answers: string[] = [];
      for (let index = 0; index < times; index += 1) answers.push(await ask(wrong(`подбор ${nowMs} ${index}`)));
      return answers;
    };
    expect(await guess(7)).toEqual(['nobody', 'nobody', 'nobody', 'nobody', 'nobody', 'in 1 s', 'in 1 s']);
    expect(started()).toBe(5);
    expect(await ask(basic(till))).toBe('in 1 s');
    nowMs = 1_000;
    expect(await guess(2)).toEqual(['nobody', 'in 2 s']);
    expect(started()).toBe(6);
    expect(failures.filter(({ isChecked }) => !isChecked)).toHaveLength(4);
    // The same user elsewhere, and another one here, log in.
    expect([await ask(basic(till), new Client('10.0.0.2')), await ask(basic(other))]).toEqual(['till', 'till']);
    // What was right once is not put off, even where it must be checked again.
    await addUser(infobase, till);
    await guess(3);
    expect(await ask(basic(till))).toBe('till');
  });

  test('of a burst of guesses that wait together only so many are checked', async () => {
    const release = holdQueue();
    const guesses = Array.from({ length: 20 }, (_, index) => ask(wrong(`подбор ${index}`)));
    await waitFor(() => checks.readCounts().waiting === 20);
    release();
    const answers = await Promise.all(guesses);
    expect(answers.filter((answer) => answer === 'nobody')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'in 1 s')).toHaveLength(15);
  });

  test('a till that keeps sending one wrong password does not have to wait', async () => {
    for (let index = 0; index < 100; index += 1) {
      nowMs += minute;
      expect(await ask(wrong('старый'))).toBe('nobody');
    }
    expect(await ask(basic(till))).toBe('till');
  });
});
