// What the settings decide, for those who set them.
import { stages, settingTable, type SettingName } from '../../ledger/settings.ts';
import type { Say } from '../say.ts';

interface SettingWords {
  readonly ru: string;
  /** The values there are, in both languages; none where it is a number. */
  readonly values?: Readonly<Record<string, readonly [ru: string, en: string]>>;
}

const words: Readonly<Record<SettingName, SettingWords>> = {
  stage: {
    ru: 'Этап: обслуживаются ли кассы и ведётся ли биллинг.',
    values: {
      cards: ['только карты: кассы получают код 8', 'cards only: tills are answered 8'],
      online: ['кассы обслуживаются, начисленное не сгорает', 'tills are served, accruals do not expire'],
      billing: ['биллинг: начисленное сгорает, ночной регламент выполняется', 'accruals expire and the night runs'],
    },
  },
  holdTimeout: { ru: 'Через сколько секунд резерв бонусов снимается сам.' },
  availability: {
    ru: 'Сколько бонусов можно потратить в биллинге.',
    values: {
      balance: ['весь остаток', 'the whole balance'],
      covered: ['не больше несгоревших начислений', 'no more than the accruals that have not expired'],
    },
  },
  restoreTerm: {
    ru: 'Срок бонусов, которые вернул возврат.',
    values: {
      original: ['срок их начисления', 'that of their accrual'],
      new_life: ['новый срок от даты возврата', 'a new one from the date of the return'],
    },
  },
  lateOffline: {
    ru: 'Документ с датой до выполненной ночи.',
    values: {
      compensate: ['исправить то, что ночь сделала бы иначе', 'correct what the night would have done'],
      keep: ['оставить как есть', 'leave it'],
    },
  },
  returnFigures: {
    ru: 'Чьи суммы бонусов берутся в возврате.',
    values: {
      till_or_proportion: ['кассы, если они больше нуля, иначе по доле', "the till's if above zero, or the proportion"],
      proportion: ['всегда по доле', 'always the proportion'],
      till: ['всегда кассы', "always the till's"],
    },
  },
  acceptCards: {
    ru: 'Принимаются ли карты на кассах. Запрет нужен на время синхронизации.',
    values: {
      true: ['принимаются', 'accepted'],
      false: ['кассы получают код 10, чеки записываются', 'tills are answered 10, receipts are recorded'],
    },
  },
  role: {
    ru: 'Роль базы: биллинг включается только в центральной.',
    values: { central: ['центральная', 'central'], branch: ['филиал', 'branch'] },
  },
  zonedDates: {
    ru: 'Дата с часовым поясом.',
    values: {
      convert: ['переводится на часы этой базы', 'converted to the zone of this base'],
      drop: ['пояс отбрасывается', 'the zone is dropped'],
    },
  },
  certificateRest: {
    ru: 'Остаток сертификата после погашения.',
    values: { stays: ['остаётся до следующего раза', 'stays for the next one'], burns: ['сгорает', 'is written off'] },
  },
  certificatesPerReceipt: {
    ru: 'Сколько сертификатов можно погасить одним чеком.',
    values: { several: ['несколько', 'several'], one: ['один', 'one'] },
  },
  lineEnds: {
    ru: 'Концы строк в WSDL и ответах.',
    values: { crlf: ['CRLF, как у публикации 1С на Windows', 'CRLF, as 1C on Windows'], lf: ['LF', 'LF'] },
  },
  reuseSessions: {
    ru: 'Заголовок IBSession и cookie ibsession.',
    values: { dontuse: ['не учитываются', 'ignored'], use: ['как в 1С', 'handled as 1C does'] },
  },
};

export function explainSetting(name: SettingName, say: Say): string {
  return say(words[name].ru, settingTable[name].about);
}

export function nameValue(name: SettingName, value: string, say: Say): string {
  const [ru, en] = words[name].values?.[value] ?? ['', ''];
  return say(ru, en);
}

/** The values to choose from; none where it is a number. */
export function listValues(name: SettingName): readonly string[] {
  return name === 'stage' ? stages : Object.keys(words[name].values ?? {});
}
