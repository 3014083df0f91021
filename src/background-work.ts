// Long work that a person starts and does not wait for: it runs in the service, and whoever asks later sees how far it is. The
// list is of this process and is gone with it; what the work has written, and how it goes on after a restart, is the
// operations' own concern: each of them is a chain of whole transactions, or one.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { LocalDateTime } from './ledger/local-date-time.ts';

/** Switching billing on, with its continuing and posting again, is one kind: it is one run. */
export const workKinds = [
  'enabling',
  'disabling',
  'night',
  'clock',
  'preview',
  'comparison',
  'report',
  'import',
  'cards',
  'certificates',
  'sync',
  'backup',
] as const;
export type WorkKind = (typeof workKinds)[number];

export const workStates = ['running', 'done', 'failed', 'stopped'] as const;
export type WorkState = (typeof workStates)[number];

/** A piece of work as it stands when it is asked for; it does not change afterwards. */
export interface Work {
  readonly id: string;
  readonly infobase: string;
  readonly kind: WorkKind;
  /** For people, in Russian. */
  readonly title: string;
  readonly user: string;
  readonly startedAt: LocalDateTime;
  readonly endedAt: LocalDateTime | undefined;
  readonly state: WorkState;
  /** Whether it was asked to stop, which it does at its next stopping place. */
  readonly isStopping: boolean;
  /** What of it is done, in whatever it counts. */
  readonly done: number;
  /** Undefined where it is not known. */
  readonly total: number | undefined;
  /** How long it has taken to do that, for the pace. */
  readonly doneInMs: number;
  /** Of work that is done; of other work, what there is to say besides `failure`. */
  readonly result?: object;
  /** Why it has failed or was stopped. */
  readonly failure?: string;
  /** Of a defect, the number that the log has. */
  readonly incident?: string;
}

export type NoteProgress = (done: number, total?: number) => void;

export interface WorkRequest {
  readonly infobase: { readonly name: string };
  readonly kind: WorkKind;
  readonly title: string;
  readonly user: string;
  readonly clock: Clock;
  /**
   * @returns the result of work that is done.
   * @throws WorkEnded for any other end that is not a defect.
   */
  readonly run: (progress: NoteProgress, signal: AbortSignal) => Promise<object>;
}

/** How work ends that was stopped, or that the state of the infobase does not allow. */
export class WorkEnded extends Error {
  readonly state: 'failed' | 'stopped';
  readonly result: object | undefined;

  constructor(state: 'failed' | 'stopped', failure: string, result?: object) {
    super(failure);
    this.state = state;
    this.result = result;
  }
}

export interface BackgroundWork {
  /** One piece of a kind at a time in an infobase: otherwise the one that is running. */
  start(request: WorkRequest): Work | { readonly busy: Work };
  /** The newest first. */
  list(infobase: string): readonly Work[];
  find(infobase: string, id: string): Work | undefined;
  /** @returns false where no such work is running. */
  requestStop(infobase: string, id: string): boolean;
  /** The work once it has ended, or as it stands after that time. */
  wait(infobase: string, id: string, timeoutMs: number): Promise<Work | undefined>;
  /** Asks all to stop, and waits for that; nothing is started any more. */
  stop(): Promise<void>;
}

/** What is told of work that has ended. */
export interface WorkReport {
  readonly work: Work;
  readonly defect?: unknown;
}

/** Of an infobase; running work is always kept. */
const keptWorks = 50;

interface Entry {
  work: Work;
  readonly stopping: AbortController;
  ended: Promise<void>;
}

/**
 * @param readMs a steady count of milliseconds.
 * @param report is given each piece of work as it ends.
 */
export function openBackgroundWork(readMs: () => number, report: (ended: WorkReport) => void): BackgroundWork {
  const entries = new Map<string, Entry[]>();
  let isShut = false;
  let started = 0;
  const listEntries = (infobase: string): Entry[] => entries.get(infobase) ?? [];
  const findEntry = (infobase: string, id: string): Entry | undefined =>
    listEntries(infobase).find(({ work }) => work.id === id);
  return {
    start(request) {
      if (isShut) throw new Error('the service stops: no work is started any more');
      const { name } = request.infobase;
      const others = listEntries(name);
      const running = others.find(({ work }) => work.kind === request.kind && work.state === 'running');
      if (running !== undefined) return { busy: running.work };
      started += 1;
      const entry = startEntry(request, started, readMs, report);
      entries.set(
        name,
        [entry, ...others].filter(({ work }, index) => index < keptWorks || work.state === 'running'),
      );
      return entry.work;
    },
    list: (infobase) => listEntries(infobase).map(({ work }) => work),
    find: (infobase, id) => findEntry(infobase, id)?.work,
    requestStop(infobase, id) {
      const entry = findEntry(infobase, id);
      if (entry?.work.state !== 'running') return false;
      askToStop(entry);
      return true;
    },
    async wait(infobase, id, timeoutMs) {
      const entry = findEntry(infobase, id);
      if (entry?.work.state !== 'running') return entry?.work;
      const timer = new AbortController();
      const timeout = sleep(timeoutMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
      await Promise.race([entry.ended, timeout]);
      timer.abort();
      return entry.work;
    },
    async stop() {
      isShut = true;
      const running = [...entries.values()].flat().filter(({ work }) => work.state === 'running');
      running.forEach(askToStop);
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

function askToStop(entry: Entry): void {
  entry.work = { ...entry.work, isStopping: true };
  entry.stopping.abort();
}

/** "20261122120000-7": never the same again after a restart, which counts from one. */
function nameWork(startedAt: LocalDateTime, number: number): string {
  return `${startedAt.replace(/\D/g, '')}-${number}`;
}

function startEntry(
  request: WorkRequest,
  number: number,
  readMs: () => number,
  report: (ended: WorkReport) => void,
): Entry {
  const { infobase, kind, title, user, clock } = request;
  const startedAt = clock.now();
  const work: Work = {
    id: nameWork(startedAt, number),
    infobase: infobase.name,
    kind,
    title,
    user,
    startedAt,
    endedAt: undefined,
    state: 'running',
    isStopping: false,
    done: 0,
    total: undefined,
    doneInMs: 0,
  };
  const entry: Entry = { work, stopping: new AbortController(), ended: Promise.resolve() };
  entry.ended = runEntry(entry, request, readMs).then(report);
  return entry;
}

async function runEntry(entry: Entry, { run, clock }: WorkRequest, readMs: () => number): Promise<WorkReport> {
  const startedMs = readMs();
  const progress: NoteProgress = (done, total) => {
    const doneInMs = readMs() - startedMs;
    entry.work = { ...entry.work, done, total: total ?? entry.work.total, doneInMs };
  };
  const end = (how: Partial<Work>): Work => {
    entry.work = { ...entry.work, ...how, endedAt: clock.now() };
    return entry.work;
  };
  try {
    const result = await run(progress, entry.stopping.signal);
    return { work: end({ state: 'done', result }) };
  } catch (reason) {
    if (reason instanceof WorkEnded) {
      const { state, message: failure, result } = reason;
      return { work: end({ state, failure, ...(result === undefined ? {} : { result }) }) };
    }
    const incident = randomUUID().slice(0, 8);
    const failure = `Внутренняя ошибка сервиса, номер инцидента ${incident}`;
    return { work: end({ state: 'failed', failure, incident }), defect: reason };
  }
}
