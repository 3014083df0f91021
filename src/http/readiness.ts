// Whether calls may be sent to the service, and if not, why. It looks at most once a second however often it is asked, does
// not wait long for a disk that hangs, and never checks one infobase twice at the same time.
import type { Clock } from '../clock.ts';
import { findObstacles } from '../operations/admin/find-obstacles.ts';
import type { Infobase } from '../operations/infobase.ts';
import { explainObstacle, type Explanation } from './explain-obstacle.ts';

export interface Reason extends Omit<Explanation, 'code'> {
  readonly code: Explanation['code'] | 'no_answer' | 'catching_up';
}

export interface InfobaseReadiness {
  readonly infobase: string;
  /** Empty = ready. */
  readonly reasons: readonly Reason[];
}

export interface Readiness {
  state: 'starting' | 'serving' | 'stopping';
  /** While it is not stopping. */
  ask(): Promise<readonly InfobaseReadiness[]>;
}

export interface ReadinessOptions {
  readonly bases: readonly { readonly infobase: Infobase; readonly clock: Clock }[];
  /** The time of the day at which the night begins. */
  readonly nightTime: string;
  readonly isNightAtWork: () => boolean;
  /** The infobase whose missed nights are being run before the service takes calls. */
  readonly findCatchingUp: () => string | undefined;
  /** The machine's clock in milliseconds. */
  readonly readWallMs: () => number;
  /** A steady count of milliseconds. */
  readonly readMs: () => number;
  /**
   * Gets the result of a look while it is serving, if it differs from the one before, with the system's own words, which the open address does
   * not show.
   */
  readonly report: (found: InfobaseReadiness, details: readonly string[]) => void;
}

const freshMs = 1_000;
const patienceMs = 3_000;

interface Look {
  readonly reasons: readonly Reason[];
  readonly details: readonly string[];
}

const noAnswer: Reason = {
  code: 'no_answer',
  what: 'the database, or the disk under it, does not answer',
  remedy: 'look at the disk and at the log of the service; kkm doctor reads the file',
};

const catchingUp: Reason = {
  code: 'catching_up',
  what: 'nights that were missed are being run: the service takes calls after them',
  remedy: 'wait; the log has `night done` for each, and `night held` where another process runs them',
};

export function watchReadiness(options: ReadinessOptions): Readiness {
  const isServing = (): boolean => readiness.state === 'serving';
  const watches = options.bases.map((base) => watchInfobase(base, options, isServing));
  let known:
    | { readonly atMs: number; readonly state: Readiness['state']; readonly found: readonly InfobaseReadiness[] }
    | undefined;
  let looking: Promise<readonly InfobaseReadiness[]> | undefined;
  const look = async (): Promise<readonly InfobaseReadiness[]> => {
    const { state } = readiness;
    const found = await Promise.all(watches.map((watch) => watch()));
    known = { atMs: options.readMs(), state, found };
    return found;
  };
  const readiness: Readiness = {
    state: 'starting',
    async ask() {
      // What was found while it was starting says nothing of a service that has started.
      if (known?.state === readiness.state && options.readMs() - known.atMs < freshMs) return known.found;
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
  return readiness;
}

function watchInfobase(
  { infobase, clock }: ReadinessOptions['bases'][number],
  options: ReadinessOptions,
  isServing: () => boolean,
): () => Promise<InfobaseReadiness> {
  const { nightTime, isNightAtWork, findCatchingUp, readWallMs, report } = options;
  let looking: Promise<Look> | undefined;
  let before = '';
  const look = async (): Promise<Look> => {
    try {
      const question = { readNow: () => clock.now(), nightTime, readMs: readWallMs, isNightAtWork: isNightAtWork() };
      const obstacles = await findObstacles(infobase, question);
      const details = obstacles.flatMap((one) => (one.code === 'storage' ? [one.trouble.why] : []));
      return { reasons: obstacles.map(explainObstacle), details };
    } catch (reason) {
      return { reasons: [noAnswer], details: [(reason as Error).message] };
    }
  };
  return async () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    const { reasons: standing, details } = await waitFor(looking);
    const reasons = findCatchingUp() === infobase.name ? [catchingUp, ...standing] : standing;
    const found = { infobase: infobase.name, reasons };
    if (!isServing()) return found;
    const now = reasons.map(({ code }) => code).join();
    if (now !== before) report(found, details);
    before = now;
    return found;
  };
}

async function waitFor(looking: Promise<Look>): Promise<Look> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Look>((resolve) => {
    timer = setTimeout(() => resolve({ reasons: [noAnswer], details: ['no answer in time'] }), patienceMs);
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    clearTimeout(timer);
  }
}
