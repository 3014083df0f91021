// What the log of changes says, in words: sorts of things, where a person was, fields and their values.
import type { CardStatus } from '../../ledger/card.ts';
import type { DiscountScheme } from '../../ledger/discount.ts';
import { parseLife, type Delay, type Life, type LifeRegister } from '../../ledger/life-rule.ts';
import { parseLocalDate, parseLocalDateTime } from '../../ledger/local-date-time.ts';
import type { ChangeSubject, Door } from '../../operations/admin/list-changes.ts';
import type { UserRole } from '../../operations/admin/users.ts';
import { nameDelay, nameLife, nameRegister } from '../catalogs/life-words.ts';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment, showMoney, showPercent } from '../show.ts';
import { nameStatus } from '../words.ts';
import { nameRole } from './user-forms.tsx';

const subjects: Readonly<Record<ChangeSubject, readonly [ru: string, en: string]>> = {
  setting: ['Настройка', 'Setting'],
  user: ['Пользователь', 'User'],
  card_kind: ['Вид карт', 'Card kind'],
  life_rule: ['Правило жизни', 'Rule of life'],
  shop: ['Магазин', 'Shop'],
  till: ['Касса', 'Till'],
  cards: ['Карты', 'Cards'],
  certificate_kind: ['Вид сертификатов', 'Certificate kind'],
  certificates: ['Сертификаты', 'Certificates'],
  clock: ['Часы', 'Clock'],
  billing: ['Биллинг', 'Billing'],
  import: ['Ввод остатков', 'Opening balances'],
  document: ['Документ вручную', 'Document by hand'],
  infobase: ['База', 'Infobase'],
  sync: ['Синхронизация', 'Synchronization'],
};

export const nameSubject = (subject: ChangeSubject, say: Say): string => say(...subjects[subject]);

const doorWords: Readonly<Record<Door, readonly [ru: string, en: string]>> = {
  console: ['консоль', 'console'],
  http: ['HTTP-сервис', 'HTTP service'],
  cli: ['командная строка', 'command line'],
  soap: ['SOAP', 'SOAP'],
  service: ['сам сервис', 'the service itself'],
};

export const nameDoor = (door: Door, say: Say): string => say(...doorWords[door]);

const acts: Readonly<Record<string, readonly [ru: string, en: string]>> = {
  enable: ['включение', 'switching on'],
  continue: ['продолжение', 'continued'],
  pause: ['приостановка', 'paused'],
  repost: ['перепроведение', 'posting again'],
  disable: ['выключение', 'switching off'],
  restore: ['восстановление', 'restored'],
};

/** Which of them: a name or a code stays as it is. */
export function nameKey(subject: ChangeSubject, key: string, say: Say): string {
  const act = subject === 'billing' || subject === 'infobase' ? acts[key] : undefined;
  if (act !== undefined) return say(...act);
  return subject === 'cards' && key === 'all' ? say('все карты', 'all cards') : key;
}

const fieldWords: Readonly<Record<string, readonly [ru: string, en: string]>> = {
  value: ['значение', 'value'],
  role: ['роль', 'role'],
  password: ['пароль', 'password'],
  code: ['код', 'code'],
  name: ['название', 'name'],
  purpose: ['назначение', 'purpose'],
  discount: ['скидка', 'discount'],
  maxRedeemPercentHundredths: ['можно оплатить бонусами', 'may be paid with bonus'],
  accrualPercentHundredths: ['начисление', 'accrual'],
  bonusRuleCode: ['правило жизни бонусов', 'rule of bonus'],
  accumulationRuleCode: ['правило жизни накоплений', 'rule of accumulation'],
  register: ['регистр', 'register'],
  life: ['срок жизни', 'life'],
  delay: ['задержка', 'delay'],
  lifeFrom: ['срок считается', 'life counts'],
  kkm: ['касса', 'till'],
  shopCode: ['магазин', 'shop'],
  isSynced: ['получает синхронизацию', 'is synced'],
  number: ['номер', 'number'],
  kindCode: ['вид', 'kind'],
  holder: ['владелец', 'holder'],
  status: ['статус', 'status'],
  validFrom: ['действует с', 'valid from'],
  validTo: ['действует по', 'valid to'],
  note: ['примечание', 'note'],
  set: ['присвоено', 'set'],
  cards: ['карт', 'cards'],
  numbers: ['номеров', 'numbers'],
  added: ['добавлено', 'added'],
  updated: ['изменено', 'changed'],
  nominal: ['номинал', 'nominal'],
  standsAt: ['время', 'time'],
  startOn: ['дата начала', 'start date'],
  documents: ['документов', 'documents'],
  manualDocuments: ['сделанных вручную', 'made by hand'],
  movements: ['движений', 'movements'],
  pendingCredits: ['отложенных начислений', 'accruals to come'],
  nights: ['ночей', 'nights'],
  holds: ['резервов', 'holds'],
  which: ['документы', 'documents'],
  exclusive: ['монопольный режим', 'exclusive mode'],
  document: ['документ', 'document'],
  fileName: ['файл', 'file'],
  rows: ['строк', 'rows'],
  reverses: ['отменяет ввод', 'reverses import'],
  comment: ['комментарий', 'comment'],
  isFull: ['все карты', 'all cards'],
  madeAt: ['копия сделана', 'backup made'],
};

export function nameField(name: string, say: Say): string {
  const words = fieldWords[name];
  return words === undefined ? name : say(...words);
}

/** A value that JSON keeps, as a page shows it. */
export function showValue(name: string, value: unknown, say: Say): string {
  if (value === null || value === '') return say('нет', 'none');
  if (typeof value === 'boolean') return value ? say('да', 'yes') : say('нет', 'no');
  if (typeof value === 'number') {
    if (name.endsWith('Hundredths')) return showPercent(value);
    return name === 'nominal' ? showMoney(value) : String(value);
  }
  if (typeof value === 'string') return showText(name, value, say);
  return showObject(name, value as object, say);
}

function showText(name: string, text: string, say: Say): string {
  switch (name) {
    case 'role':
      return nameRole(text as UserRole, say);
    case 'password':
      return say('изменён', 'changed');
    case 'status':
      return nameStatus(text as CardStatus, say);
    case 'register':
      return nameRegister(text as LifeRegister, say);
    case 'purpose':
      return text === 'payment' ? say('платёжная', 'payment') : say('дисконтная', 'discount');
    case 'lifeFrom':
      return text === 'credit' ? say('от зачисления', 'from the credit') : say('от операции', 'from the operation');
    case 'life': {
      // That of a kind of certificates.
      const life = parseLife(text);
      return life === undefined ? text : nameLife(life, say);
    }
    case 'which':
      return say('все с ошибками', 'all that failed');
    default:
      return showDay(text);
  }
}

function showDay(text: string): string {
  const on = parseLocalDate(text);
  if (on !== undefined) return showDate(on);
  const at = parseLocalDateTime(text);
  return at === undefined ? text : showMoment(at);
}

function showObject(name: string, value: object, say: Say): string {
  switch (name) {
    case 'life':
      return nameLife(value as Life, say);
    case 'delay':
      return nameDelay(value as Delay, say);
    case 'discount':
      return showDiscount(value as DiscountScheme, say);
    case 'which': {
      const { receiptId } = value as { readonly receiptId: number };
      return say(`чек ${receiptId}`, `receipt ${receiptId}`);
    }
    default:
      return JSON.stringify(value);
  }
}

/** A scale with all its steps: any of them may be what was changed. */
function showDiscount(discount: DiscountScheme, say: Say): string {
  switch (discount.sort) {
    case 'none':
      return say('нет', 'none');
    case 'fixed':
      return showPercent(discount.percentHundredths);
    case 'scale':
      return discount.steps
        .map(({ accumulationKopecks, receipts, percentHundredths }) => {
          const from = [showMoney(accumulationKopecks), ...(receipts > 0 ? [showCount(receipts)] : [])].join(' / ');
          return `${say('от', 'from')} ${from}: ${showPercent(percentHundredths)}`;
        })
        .join('; ');
  }
}
