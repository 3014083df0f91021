// Long work beside the requests: how far it is, how it ends, and that the service waits for it when it stops.
import {
  openBackgroundWork,
  WorkEnded,
  type NoteProgress,
  type Work,
  type WorkReport,
} from '../src/background-work.ts';
import { moment } from './operations/testing-infobase.ts';

const clock = { at: moment('2026-11-22T12:00:00'), now: () => clock.at };
const trade = { name: 'trade' };

/** Work that goes on until the test ends it. */
function hold() {
  let end: ((result: object) => void) | undefined;
  let fail: ((reason: unknown) => void) | undefined;
  let note: NoteProgress | undefined;
  let asked: AbortSignal | undefined;
  const run = (progress: NoteProgress, signal: AbortSignal): Promise<object> => {
    note = progress;
    asked = signal;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  };
  return {
    run,
    end: (result: object) => end?.(result),
    fail: (reason: unknown) => fail?.(reason),
    note: (done: number, total?: number) => note?.(done, total),
    isAsked: () => asked?.aborted,
  };
}

const reports: WorkReport[] = [];
const open = () =>
  openBackgroundWork(
    () => 0,
    (ended) => reports.push(ended),
  );
const request = { infobase: trade, kind: 'import', title: 'Импорт остатков', user: 'admin', clock } as const;
const turn = () => new Promise(setImmediate);

beforeEach(() => {
  reports.length = 0;
  clock.at = moment('2026-11-22T12:00:00');
});

test('work is seen from its beginning to its end, with its progress and its result', async () => {
  const works = open();
  const held = hold();
  const started = works.start({ ...request, run: held.run }) as Work;
  expect(started).toEqual({
    id: '20261122120000-1',
    infobase: 'trade',
    kind: 'import',
    title: 'Импорт остатков',
    user: 'admin',
    startedAt: '2026-11-22T12:00:00',
    endedAt: undefined,
    state: 'running',
    isStopping: false,
    done: 0,
    total: undefined,
    doneInMs: 0,
  });
  held.note(5, 20);
  held.note(7);
  expect(works.find('trade', started.id)).toMatchObject({ done: 7, total: 20, state: 'running' });
  clock.at = moment('2026-11-22T12:05:00');
  held.end({ cards: 20 });
  await turn();
  const ended = { state: 'done', endedAt: '2026-11-22T12:05:00', result: { cards: 20 } };
  expect(works.list('trade')).toMatchObject([ended]);
  expect(reports).toMatchObject([{ work: ended }]);
  expect([works.list('other'), works.find('other', started.id)]).toEqual([[], undefined]);
});

test('who waits for work gets it as it ends, or as it stands', async () => {
  const works = open();
  const held = hold();
  const { id } = works.start({ ...request, run: held.run }) as Work;
  expect(await works.wait('trade', id, 1)).toMatchObject({ state: 'running' });
  const waiting = works.wait('trade', id, 600_000);
  held.end({ cards: 1 });
  expect(await waiting).toMatchObject({ state: 'done', result: { cards: 1 } });
  expect(await works.wait('trade', id, 600_000)).toMatchObject({ state: 'done' });
  expect(await works.wait('trade', 'unknown', 600_000)).toBeUndefined();
});

test('one piece of a kind runs in an infobase at a time', async () => {
  const works = open();
  const held = hold();
  const started = works.start({ ...request, run: held.run });
  expect(works.start({ ...request, run: hold().run })).toEqual({ busy: started });
  expect(works.start({ ...request, kind: 'night', run: hold().run })).not.toHaveProperty('busy');
  expect(works.start({ ...request, infobase: { name: 'other' }, run: hold().run })).not.toHaveProperty('busy');
  held.end({});
  await turn();
  expect(works.start({ ...request, run: hold().run })).not.toHaveProperty('busy');
});

test('an end that the work gives itself has its words; a defect has an incident number, which is reported', async () => {
  const works = open();
  const refused = hold();
  works.start({ ...request, run: refused.run });
  refused.fail(new WorkEnded('failed', 'Файл загружен раньше', { rows: 3 }));
  await turn();
  expect(works.list('trade')[0]).toMatchObject({
    state: 'failed',
    failure: 'Файл загружен раньше',
    result: { rows: 3 },
  });
  const broken = hold();
  works.start({ ...request, run: broken.run });
  const defect = new Error('boom');
  broken.fail(defect);
  await turn();
  const { incident = '', ...work } = works.list('trade')[0] as Work;
  expect(incident).toMatch(/^[0-9a-f]{8}$/);
  expect(work).toMatchObject({ state: 'failed', failure: `Внутренняя ошибка сервиса, номер инцидента ${incident}` });
  expect(reports[1]).toMatchObject({ defect });
});

test('what is asked to stop says so, and stops where it can', async () => {
  const works = open();
  const held = hold();
  const { id } = works.start({ ...request, run: held.run }) as Work;
  expect([works.requestStop('other', id), works.requestStop('trade', 'unknown')]).toEqual([false, false]);
  expect(works.requestStop('trade', id)).toBe(true);
  expect([held.isAsked(), works.find('trade', id)]).toMatchObject([true, { isStopping: true, state: 'running' }]);
  held.fail(new WorkEnded('stopped', 'Остановлено'));
  await turn();
  expect(works.find('trade', id)).toMatchObject({ state: 'stopped', failure: 'Остановлено' });
  expect(works.requestStop('trade', id)).toBe(false);
});

test('a service that stops waits for its work, and starts no more', async () => {
  const works = open();
  const held = hold();
  works.start({ ...request, run: held.run });
  let isStopped = false;
  const stopped = works.stop().then(() => (isStopped = true));
  await turn();
  expect([held.isAsked(), isStopped]).toEqual([true, false]);
  expect(() => works.start({ ...request, kind: 'night', run: held.run })).toThrow('the service stops');
  held.end({});
  await stopped;
  expect(works.list('trade')[0]).toMatchObject({ state: 'done' });
});

test('the last fifty are kept, and what is running always', async () => {
  const works = open();
  const night = hold();
  const long = works.start({ ...request, kind: 'night', run: night.run }) as Work;
  for (let index = 0; index < 60; index += 1) {
    works.start({ ...request, run: async () => ({ index }) });
    await turn();
  }
  const kept = works.list('trade');
  expect(kept).toHaveLength(51);
  expect(kept[0]).toMatchObject({ result: { index: 59 } });
  expect(kept.at(-1)).toEqual(long);
});
