// The second part of `kkm demo`: a month of trade in stage billing. Nights pass between the days, and what they have
// credited and burned is show from the history that the service shows a till.
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { formatRubles, parseKopecks, type Kopecks } from '../../ledger/money.ts';
import type { DemoRules } from '../../operations/catalogs/make-demo-cards.ts';
import {
  describeAnswer,
  describeOperation,
  keyOf,
  listOperations,
  receiptOf,
  showDate,
  signed,
  textOf,
  type Till,
  type Tree,
} from './demo-till.ts';

export const monthRules: DemoRules = {
  bonus: {
    code: 'B14',
    name: 'Две недели через три дня',
    register: 'bonus',
    delay: { sort: 'days', count: 3 },
    life: { sort: 'days', count: 14 },
    lifeFrom: 'credit',
  },
  accumulation: {
    code: 'A1',
    name: 'Месяц',
    register: 'accumulation',
    delay: { sort: 'none' },
    life: { sort: 'months', count: 1 },
    lifeFrom: 'credit',
  },
};

export const monthStart = '2026-11-01T10:00:00' as LocalDateTime;
const lastDay = '2026-12-03' as LocalDate;

export interface MonthOptions {
  readonly till: Till;
  readonly cards: { readonly anna: string; readonly boris: string };
  readonly say: (line: string) => void;
  /** Moves the clock there, every night on the way run. */
  readonly pass: (to: LocalDateTime) => Promise<void>;
  /** «Начисление на дисконтные карты», made by hand. @returns its name */
  readonly accrue: (card: string, rubles: string, comment: string) => Promise<string>;
}

/** What happens on one day, in order. */
type Scenes = Readonly<Record<string, (stage: Stage) => Promise<void>>>;

class Stage {
  readonly options: MonthOptions;
  /** Receipts that later scenes come back to. */
  readonly kept = new Map<string, Tree>();

  constructor(options: MonthOptions) {
    this.options = options;
  }

  async show(what: string, answer: Tree): Promise<void> {
    const { say, till } = this.options;
    say(`${showDate(till.now())}  ${what}`);
    say(`            ${describeAnswer(answer)}`);
  }

  async read(name: string, card: string): Promise<void> {
    const Request = { KKM: 'K-01', CardNumber: card };
    await this.show(`касса читает карту: ${name}`, await this.options.till.call('GetCardInfo', { Request }));
  }

  async ring(what: string, Receipt: Tree): Promise<void> {
    await this.show(what, await this.options.till.call('RegisterReceipt', { Receipt }));
  }

  receipt(card: string, rest: Tree, kkm = 'K-01'): Tree {
    return receiptOf(this.options.till, kkm, card, rest);
  }
}

const scenes: Scenes = {
  '2026-11-01': async (stage) => {
    const { anna } = stage.options.cards;
    await stage.ring('Анна покупает на 6000', stage.receipt(anna, { Sum: '6000', BonusAccrued: '180' }));
    await stage.read('Анна (бонусы начислятся через 3 дня)', anna);
  },
  '2026-11-02': async (stage) => {
    const sale = stage.receipt(stage.options.cards.boris, { Sum: '2000', BonusAccrued: '60' });
    stage.kept.set('sale', sale);
    await stage.ring('Борис покупает на 2000', sale);
  },
  '2026-11-03': async (stage) => {
    const { boris } = stage.options.cards;
    const part = { Kind: 'Return', Sum: '1000', Original: keyOf(stage.kept.get('sale') as Tree) };
    await stage.ring('Борис возвращает половину: из ещё не начисленного снимается 30', stage.receipt(boris, part));
  },
  '2026-11-06': async (stage) => {
    const { anna } = stage.options.cards;
    const sale = stage.receipt(anna, { Sum: '1000', BonusAccrued: '27', BonusRedeemed: '100' });
    await stage.ring('Анна платит 100 бонусами', sale);
    await stage.ring('тот же чек ещё раз: касса не дождалась ответа', sale);
  },
  '2026-11-10': async ({ options: { till, say, accrue, cards } }) => {
    say(`${showDate(till.now())}  оператор дарит Борису 50 бонусов`);
    say(`            ${await accrue(cards.boris, '50', 'Подарок ко дню рождения')}`);
  },
  '2026-11-14': (stage) => stage.read('Анна', stage.options.cards.anna),
  '2026-11-20': async (stage) => {
    const { till, cards, say } = stage.options;
    const lost = { Sum: '500', BonusRedeemed: '50', Offline: true, ReceiptDate: '2026-11-17T18:40:00' };
    const Upload = { KKM: 'K-07', Receipt: [stage.receipt(cards.anna, lost, 'K-07')] };
    const what =
      'касса без связи выгружает чек Анны от 17.11, где она заплатила 50 бонусами: раньше ночи, что их сожгла';
    await stage.show(what, await till.call('UploadReceipts', { Upload }));
    const Request = { CardNumber: cards.anna, From: `${dateOf(till.now())}T00:00:00` };
    const since = listOperations(await till.call('GetCardOperations', { Request }));
    for (const line of since.flatMap(describeOperation)) say(`            ${line}`);
  },
  [lastDay]: async (stage) => {
    await stage.read('Анна (накопление за первый день ноября устарело)', stage.options.cards.anna);
    await stage.read('Борис', stage.options.cards.boris);
  },
};

export async function playMonth(options: MonthOptions): Promise<void> {
  const { till, cards, say, pass } = options;
  const stage = new Stage(options);
  for (let on = dateOf(monthStart); ; on = addDays(on, 1)) {
    await scenes[on]?.(stage);
    if (on === lastDay) break;
    const next = addDays(on, 1);
    await pass(`${next}T10:00:00` as LocalDateTime);
    await showNight(options, next);
  }
  for (const [name, card] of [
    ['Анны', cards.anna],
    ['Бориса', cards.boris],
  ] as const) {
    say(`История карты ${name}:`);
    const history = await till.call('GetCardOperations', { Request: { CardNumber: card } });
    for (const line of listOperations(history).flatMap(describeOperation)) say(`  ${line}`);
  }
}

/** What the night of a date has done to the cards, by their history. */
async function showNight({ till, cards, say }: MonthOptions, on: LocalDate): Promise<void> {
  for (const [name, card] of [
    ['Анны', cards.anna],
    ['Бориса', cards.boris],
  ] as const) {
    const history = listOperations(await till.call('GetCardOperations', { Request: { CardNumber: card } }));
    const ofNight = history.filter((operation) => textOf(operation, 'Date') === `${on}T02:00:00`);
    for (const operation of ofNight) {
      const what = explainNight(operation, on, history);
      say(`${showDate(on)}  ночь, карта ${name}: ${what}`);
    }
  }
}

function explainNight(operation: Tree, on: LocalDate, history: readonly Tree[]): string {
  const bonus = kopecksOf(operation, 'Bonus');
  if (textOf(operation, 'DocumentKind') === 'Accrual') {
    const term = showDate(textOf(operation, 'WriteOffDate'));
    return `начислено ${formatRubles(bonus)} бонусов: прошли 3 дня после покупки; сгорят ${term}, если не потратить`;
  }
  const parts: string[] = [];
  if (bonus !== 0) {
    const after = kopecksOf(operation, 'BonusAfter');
    const ended = history
      .filter((one) => textOf(one, 'WriteOffDate').startsWith(on) && kopecksOf(one, 'Bonus') > 0)
      .map((one) => `${textOf(one, 'Bonus')} от ${showDate(textOf(one, 'Date'))}`);
    const left = `было ${formatRubles(after - bonus)}, а начислено со сроком позже ${showDate(on)} всего ${formatRubles(after)}`;
    const why = ended.length === 0 ? '' : `; вышел срок у начисления ${ended.join(', ')}`;
    parts.push(`сгорело ${formatRubles(-bonus)} бонусов: ${left}${why}`);
  }
  const [accumulation, receipts] = [textOf(operation, 'Accumulation'), textOf(operation, 'Receipts')];
  if (accumulation !== '0' || receipts !== '0') {
    parts.push(`устарело накопление: ${signed(accumulation)}, чеков ${signed(receipts)}: прошёл месяц после покупки`);
  }
  return parts.join('; ');
}

function kopecksOf(operation: Tree, element: string): Kopecks {
  return parseKopecks(textOf(operation, element)) ?? 0;
}
