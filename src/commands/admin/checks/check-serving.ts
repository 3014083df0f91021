// The part of `kkm doctor` that asks what /readyz is asked: whether tills would be served, by this infobase as it stands and
// by the service that runs. Whatever makes /readyz answer 503 fails here.
import type { Clock } from '../../../clock.ts';
import type { Config } from '../../../config.ts';
import { explainObstacle } from '../../../http/explain-obstacle.ts';
import type { InfobaseReadiness, Reason } from '../../../http/readiness.ts';
import { findObstacles, type Obstacle } from '../../../operations/admin/find-obstacles.ts';
import type { Infobase } from '../../../operations/infobase.ts';
import { askReadyz } from './ask-readyz.ts';
import { fail, ok, warn, type CheckName, type Finding } from './finding.ts';

const checks = {
  storage: 'database file',
  clock_behind: 'clock',
  nights_due: 'nights',
  stage_cards: 'tills',
  no_subscription: 'tills',
  exclusive_mode: 'tills',
  cards_not_accepted: 'tills',
} as const satisfies Readonly<Record<Obstacle['code'], string>>;

export async function checkServing(infobase: Infobase, clock: Clock, { nightSchedule }: Config): Promise<Finding[]> {
  const question = { readNow: () => clock.now(), nightTime: nightSchedule.time, readMs: Date.now };
  const obstacles = await findObstacles(infobase, question);
  const wells: readonly Finding[] = [
    ok('database file', 'can be written'),
    ok('clock', clock.now()),
    ok('nights', 'none is due'),
    ok('tills', 'are served'),
  ];
  return wells.flatMap((well) => {
    const found = obstacles.filter(({ code }) => checks[code] === well.check);
    return found.length === 0 ? [well] : found.map((obstacle) => describe(well.check, obstacle));
  });
}

function describe(check: CheckName, obstacle: Obstacle): Finding {
  const { what, remedy } = explainObstacle(obstacle);
  return fail(check, obstacle.code === 'storage' ? `${what}: ${obstacle.trouble.why}` : what, remedy);
}

const patienceMs = 4_000;

/**
 * What the service that runs says of the infobase: it alone knows which file it has open. Asked under KKM_HOST and
 * KKM_PORT; where nobody listens there, no service runs.
 */
export async function checkService({ host, port, tls }: Config, infobase: string): Promise<Finding> {
  const origin = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const silent = ok('service', `none runs at ${origin}`);
  if (port === 0) return silent;
  let answer: string;
  try {
    answer = await askReadyz(origin, AbortSignal.timeout(patienceMs));
  } catch (reason) {
    if (!['TimeoutError', 'AbortError'].includes((reason as Error).name)) return silent;
    return fail('service', `${origin} does not answer`, 'look at the log of the service; start it again');
  }
  const said = readAnswer(answer);
  const other = `another program answers at ${origin}`;
  if (said === undefined) return warn('service', other, 'give the service another KKM_PORT, or end the program');
  return judgeAnswer(origin, said, infobase);
}

interface Answer {
  readonly state: string;
  readonly infobases: readonly InfobaseReadiness[];
}

function readAnswer(answer: string): Answer | undefined {
  try {
    const said = JSON.parse(answer) as Partial<Answer> | null;
    const isOurs = typeof said?.state === 'string' && Array.isArray(said.infobases);
    return isOurs ? (said as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function judgeAnswer(origin: string, { state, infobases }: Answer, infobase: string): Finding {
  if (state === 'starting' || state === 'stopping') return ok('service', `the one at ${origin} is ${state}`);
  const found = infobases.find((one) => one.infobase === infobase);
  if (found === undefined) {
    return warn(
      'service',
      `the one at ${origin} does not serve "${infobase}"`,
      'add it to KKM_INFOBASES and start again',
    );
  }
  if (found.reasons.length === 0) return ok('service', `the one at ${origin} is ready`);
  const join = (key: 'what' | 'remedy'): string => found.reasons.map((reason: Reason) => reason[key]).join('; ');
  return fail('service', `the one at ${origin} is not ready: ${join('what')}`, join('remedy'));
}
