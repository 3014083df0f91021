// Starts the switching-off of billing: a backup, then everything that billing has written is destroyed in
// one transaction. Broken off by a restart it has destroyed nothing; asked for again, it starts from the beginning or serves the tills.
import { join } from 'node:path';
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import { confirmations, disableBilling, nameDisablingBackup } from '../operations/enabling/disable-billing.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

/** The caller has all three confirmations. */
export function startDisabling(tools: WorkTools, place: WorkPlace): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'disabling',
    title: 'Выключение биллинга',
    run: () => run(tools, place),
  });
}

async function run(
  { backupDir, backUp, readWallMs, nameRunner }: WorkTools,
  { infobase, clock }: WorkPlace,
): Promise<object> {
  const now = clock.now();
  const backup = nameDisablingBackup(infobase.name, now);
  const end = await disableBilling(infobase, now, {
    holder: nameRunner(),
    readMs: readWallMs,
    backupFile: join(backupDir, backup),
    backUp,
    confirm: confirmations,
  });
  switch (end.code) {
    case 'done':
      return { backup, removed: end.removed };
    case 'refused':
      throw new WorkEnded('failed', end.why);
    case 'held':
      throw new WorkEnded('failed', 'Биллинг сейчас включает или выключает другой процесс: повторите позже');
    case 'no_backup':
      throw new WorkEnded('failed', `Копия не сделана, поэтому ничего не удалено: ${end.why}`);
  }
}
