// Starts the making of a range of gift certificates. Each turn is a transaction: broken off, it is simply asked for again.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import { issueCertificates, type CertificateRangeRequest } from '../operations/certificates/certificate-catalog.ts';
import type { CreatedNumbers } from '../operations/cards/create-numbers.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export type CertificatesResult = Omit<CreatedNumbers, 'ok'>;

/** The time that tills have between two turns. */
const pauseMs = 5;

/** The caller has checked the request. */
export function startCertificates(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  request: CertificateRangeRequest,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'certificates',
    title: 'Выпуск сертификатов',
    run: async (progress, signal): Promise<CertificatesResult> => {
      const outcome = await issueCertificates(place.infobase, request, {
        afterTurn: async (done, all) => {
          progress(done, all);
          if (signal.aborted) throw new WorkEnded('stopped', 'Остановлено: повторите, чтобы выпустить остальные');
          await sleep(pauseMs);
        },
      });
      if (!outcome.ok) throw new WorkEnded('failed', outcome.why);
      const { first, last, created, skipped } = outcome;
      return { first, last, created, skipped };
    },
  });
}
