// The part of `kkm doctor` that asks what stands in the database: work that was cut off, leases, clocks, hashes, seals, files of
// the exchange. All of it is read at once, and each part is judged by itself.
import { systemClock, type Clock } from '../../../clock.ts';
import type { Config } from '../../../config.ts';
import { readUpkeep } from '../../../operations/admin/read-upkeep.ts';
import type { Infobase } from '../../../operations/infobase.ts';
import { judgeClockJump } from './judge-clock-jump.ts';
import { judgeExchangeTroubles } from './judge-exchange-troubles.ts';
import type { Finding } from './finding.ts';
import { judgeHashes } from './judge-hashes.ts';
import { judgeLeases } from './judge-leases.ts';
import { judgeSeals } from './judge-seals.ts';
import { judgeSwitching } from './judge-switching.ts';
import { judgeTimeZone } from './judge-time-zone.ts';

export async function checkStanding(infobase: Infobase, clock: Clock, config: Config): Promise<Finding[]> {
  const nowMs = Date.now();
  const question = { now: clock.now(), nowMs, nightTime: config.nightSchedule.time };
  const upkeep = await readUpkeep(infobase, question);
  return [
    judgeSwitching(upkeep),
    judgeLeases(upkeep.leases, nowMs),
    judgeClockJump(upkeep, { now: clock.now(), machineNow: systemClock(config.timeZone).now() }),
    judgeTimeZone(upkeep.services, config.timeZone),
    judgeHashes(upkeep.oldHashes),
    judgeSeals(upkeep.seals),
    ...judgeExchangeTroubles(upkeep.exchangeTroubles),
  ];
}
