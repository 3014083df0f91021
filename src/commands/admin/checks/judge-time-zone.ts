// Whether the services that run have the time zone of this command: with another, the same night has another date.
import type { Upkeep } from '../../../operations/admin/read-upkeep.ts';
import { fail, ok, type Finding } from './finding.ts';

const check = 'time zone';

export function judgeTimeZone(services: Upkeep['services'], timeZone: string): Finding {
  const zones = new Set(services.filter(({ isUp }) => isUp).map((service) => service.timeZone));
  if (zones.size > 1) {
    const found = `services with ${[...zones].join(' and ')} serve the infobase`;
    return fail(check, found, 'give all of them the same KKM_TIMEZONE, and start them again');
  }
  const [zone = timeZone] = zones;
  if (zone === timeZone) return ok(check, timeZone);
  const found = `the service that runs has ${zone}, this command ${timeZone}`;
  return fail(check, found, 'run commands with the KKM_TIMEZONE of the service');
}
