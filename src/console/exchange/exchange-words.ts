// The exchange folder and its runs in words.
import { resultCodes, type ResultCode } from '../../ledger/result.ts';
import type { ExchangeReport } from '../../operations/admin/jobs-report.ts';
import type { Say } from '../say.ts';

/** "shop-server 4711": the host and the process, without what makes them unique for ever. */
export function nameProcess(runner: string): string {
  return runner.split(' ').slice(0, 2).join(' ');
}

/** A run without its end: it goes on, or was stopped. */
export function nameUnfinished(holder: string | null, say: Say): string {
  return holder === null
    ? say('прервано, следующий запуск продолжит', 'was stopped; the next run goes on')
    : say(`выполняется (${nameProcess(holder)})`, `runs now (${nameProcess(holder)})`);
}

export function nameExchangeEnd({ lastRun, holder }: ExchangeReport, say: Say): string {
  switch (lastRun?.result) {
    case undefined:
      return say('не было', 'never');
    case 'running':
      return nameUnfinished(holder, say);
    case 'done':
      return say('выполнено', 'done');
    case 'stopped':
      return say('остановлено, следующий запуск продолжит', 'stopped; the next run goes on');
    case 'broken':
      return say('не всё удалось взять', 'something could not be taken');
  }
}

export function explainExchange(obstacle: ExchangeReport['obstacle'], say: Say): string | undefined {
  if (obstacle === null) return undefined;
  if (obstacle === 'no_folder') {
    return say('Папка обмена не задана (KKM_EXCHANGE_DIR).', 'No exchange folder is set (KKM_EXCHANGE_DIR).');
  }
  return explainGate(obstacle, say);
}

export function explainGate(code: ResultCode, say: Say): string {
  if (code === resultCodes.exclusiveMode) {
    return say('Монопольный режим: файлы ждут на месте.', 'Exclusive mode: the files stay where they are.');
  }
  if (code === resultCodes.noSubscription) {
    return say('Нет расширенной подписки: файлы ждут на месте.', 'No extended subscription: the files stay.');
  }
  return say(`Отказ с кодом ${code}: файлы ждут на месте.`, `Refused with code ${code}: the files stay.`);
}

/** What the look at the folder says of a place, in Russian; what the file system says has a code that people search for. */
const reasons: readonly (readonly [beginning: string, ru: string])[] = [
  ['a link, not a file', 'ссылка, а не файл кассы'],
  ['a link, not a folder', 'ссылка, а не папка кассы'],
  ['a folder, not a file', 'папка, а не файл'],
  ['neither a file nor a folder', 'не файл и не папка'],
  ['it lies beside the folders', 'лежит рядом с папками касс, а файлы берутся из них'],
  ["the folder's name is not UTF-8", 'имя папки не в UTF-8: это не номер кассы'],
  ['EACCES', 'нет прав (EACCES)'],
  ['EPERM', 'нет прав (EPERM)'],
  ['ENOSPC', 'диск заполнен (ENOSPC)'],
  ['ENOENT', 'папки или файла нет (ENOENT)'],
];

export function explainTrouble(why: string, say: Say): string {
  return say(reasons.find(([beginning]) => why.startsWith(beginning))?.[1] ?? why, why);
}

/** What to do about a file or a folder that could not be taken: by what the file system said. */
export function findRemedy(why: string, say: Say): string {
  if (/EACCES|EPERM/.test(why)) {
    return say('Дайте учётной записи сервиса права на папку.', 'Give the account of the service the rights to it.');
  }
  if (/ENOSPC|EDQUOT/.test(why)) return say('Освободите место на диске.', 'Make room on the disk.');
  if (/ENOENT/.test(why)) return say('Верните папку на место.', 'Put the folder back.');
  if (why.startsWith('a link')) {
    return say('Замените ссылку папкой или файлом кассы.', 'Put a folder or a file of the till in its place.');
  }
  if (/beside the folders of the tills/.test(why)) {
    return say('Положите файл в папку его кассы.', 'Put the file into the folder of its till.');
  }
  return say('Устраните причину: следующий просмотр попробует снова.', 'Mend it: the next look tries again.');
}
