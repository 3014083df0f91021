// Makes or restores a backup and is killed before a step, as a power cut would: given what to do, the database, the backup and
// the step; without a step it says how it has ended.
import { makeBackup } from '../../../src/operations/admin/make-backup.ts';
import { restoreInfobase } from '../../../src/operations/admin/restore-infobase.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';

const now = '2026-11-22T12:00:00' as LocalDateTime;

function dieBefore(fatal: string | undefined): (step: string) => void {
  return (step) => {
    if (step === fatal) process.kill(process.pid, 'SIGKILL');
  };
}

async function main([what = '', file = '', backup = '', fatal]: readonly string[]): Promise<void> {
  const onStep = dieBefore(fatal);
  const options = { name: 'trade', file, hasSubscription: false };
  if (what === 'backup') {
    const infobase = await Infobase.open(options);
    const request = { file: backup, madeAt: now, productVersion: '0.0.0', origin: 'hand' } as const;
    const end = await makeBackup(infobase, request, { onStep, onProgress: () => onStep('half a copy') });
    process.stdout.write(JSON.stringify(end));
    return;
  }
  const actor = { name: 'test', door: 'cli', readMs: () => 0 } as const;
  const end = await restoreInfobase(
    { from: backup, infobase: options, of: 'trade', mayReplace: true, isDryRun: false, actor, now },
    onStep,
  );
  process.stdout.write(JSON.stringify(end));
}

void main(process.argv.slice(2));
