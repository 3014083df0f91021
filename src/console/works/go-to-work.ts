// Long work from a page: it is started, and its own page shows it.
import type { BackgroundWork } from '../../background-work.ts';
import type { WorkPlace } from '../../works/work-tools.ts';
import { goTo, type PageCall, type Redirect } from '../page.ts';

/** Short work is done by then: its result is the next page. */
const patienceMs = 1_000;

export function placeOf({ infobase, services, visitor }: PageCall): WorkPlace {
  return { infobase, clock: services.clockOf(infobase.name), user: visitor.name };
}

export async function goToWork(
  { services, infobase, say }: PageCall,
  started: ReturnType<BackgroundWork['start']>,
): Promise<Redirect> {
  if ('busy' in started) {
    const text = say(`Уже выполняется: ${started.busy.title}.`, 'Such work is running already.');
    return { kind: 'redirect', path: `work/${started.busy.id}`, notice: { kind: 'problem', text } };
  }
  await services.tools.work.wait(infobase.name, started.id, patienceMs);
  return goTo(`work/${started.id}`);
}
