// Sessions by counts and on a clock that the test sets: how many a user may have, how many there are in all, when one ends.
import { keepSessions, sessionLimit, userSessionLimit, type SessionKeeper } from '../../src/soap/sessions.ts';

const minute = 60_000;
let nowMs: number;
let sessions: SessionKeeper;

beforeEach(() => {
  nowMs = 0;
  sessions = keepSessions(() => nowMs);
});

/** The id of a new session; undefined where none is free. */
function start(user: string): string | undefined {
  const { status, setCookie = '' } = sessions.meet(user, 'start', undefined, '/p');
  expect(status).toBe(setCookie === '' ? 406 : 200);
  return /^ibsession=([^;]+); path=\/p; HttpOnly$/.exec(setCookie)?.[1];
}

function startMany(user: string, count: number): string[] {
  return Array.from({ length: count }, () => start(user)).flatMap((id) => (id === undefined ? [] : [id]));
}

const use = (id: string | undefined, wish?: string): number =>
  sessions.meet('any', wish, `ibsession=${id}`, '/p').status;

test('one user takes its share and no more; others start theirs', () => {
  expect(startMany('greedy', userSessionLimit + 10)).toHaveLength(userSessionLimit);
  expect(start('till')).toBeDefined();
});

test('all users together have so many', () => {
  const users = Array.from({ length: sessionLimit / userSessionLimit + 2 }, (_, index) => `user ${index}`);
  expect(users.flatMap((user) => startMany(user, userSessionLimit))).toHaveLength(sessionLimit);
  expect(start('till')).toBeUndefined();
});

test('one that is finished is free at once, and only once', () => {
  const [first, second] = startMany('till', userSessionLimit);
  expect([use(first, 'finish'), use(first, 'finish'), use(first)]).toEqual([200, 400, 400]);
  expect([start('till') === undefined, start('till')]).toEqual([false, undefined]);
  expect(use(second)).toBe(200);
});

test('one that is idle for twenty minutes is free', () => {
  const [idle, used] = startMany('till', userSessionLimit);
  nowMs = 15 * minute;
  expect(use(used)).toBe(200);
  nowMs = 20 * minute;
  expect(start('till')).toBeUndefined();
  nowMs += 1;
  expect([use(idle), use(used)]).toEqual([400, 200]);
  // The one in use, and as many as make the share full.
  expect(startMany('till', userSessionLimit)).toHaveLength(userSessionLimit - 1);
});
