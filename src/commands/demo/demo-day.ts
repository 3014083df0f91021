// The first part of `kkm demo`: a day of trade in stage online.
import {
  describeAnswer,
  describeOperation,
  keyOf,
  listOperations,
  receiptOf,
  type Till,
  type Tree,
} from './demo-till.ts';

export interface DayOptions {
  readonly till: Till;
  readonly cards: { readonly anna: string; readonly boris: string; readonly closed: string };
  readonly say: (line: string) => void;
  /** Moves the clock on by so many minutes. */
  readonly pass: (minutes: number) => Promise<void>;
}

export async function playDay({ till, cards, say, pass }: DayOptions): Promise<void> {
  const { anna, boris, closed } = cards;
  const show = async (what: string, answer: Tree): Promise<void> => {
    say(`${till.now().slice(11, 16)}  ${what}`);
    say(`         ${describeAnswer(answer)}`);
    await pass(7);
  };
  const read = async (card: string): Promise<void> =>
    show(`касса читает карту ${card}`, await till.call('GetCardInfo', { Request: { KKM: 'K-01', CardNumber: card } }));
  const ring = async (what: string, Receipt: Tree): Promise<void> =>
    show(what, await till.call('RegisterReceipt', { Receipt }));

  await read(anna);
  const first = receiptOf(till, 'K-01', anna, { Sum: '5263.16', SumWithDiscount: '5000', BonusAccrued: '150' });
  await ring('продажа на 5000, начислено 150', first);
  await ring('та же продажа ещё раз: касса не дождалась ответа', first);
  await ring('тот же чек с другой суммой', { ...first, Sum: '9999' });
  await read(anna);
  const spending = receiptOf(till, 'K-02', anna, { Sum: '1000', SumWithDiscount: '900', BonusRedeemed: '100' });
  const hold = { ...keyOf(spending), CardNumber: anna, Amount: '100' };
  await show('вторая касса откладывает 100 бонусов', await till.call('ReserveBonus', { Reserve: hold }));
  await ring(
    'первая касса пробует списать 100: свободно только 50',
    receiptOf(till, 'K-01', anna, { Sum: '500', BonusRedeemed: '100' }),
  );
  await ring('вторая касса закрывает чек со списанием 100', spending);
  const part = { Kind: 'Return', Sum: '2000', Original: keyOf(first) };
  await ring('возврат части первой покупки на 2000', receiptOf(till, 'K-01', anna, part));
  const wrong = receiptOf(till, 'K-01', anna, { Sum: '300', BonusAccrued: '9' });
  await ring('ошибочная продажа на 300', wrong);
  const cancel = { Kind: 'Sale', ...keyOf(wrong) };
  await show('отмена ошибочной продажи', await till.call('CancelReceipt', { Cancel: cancel }));
  const late = [
    receiptOf(till, 'K-03', boris, { Sum: '700', BonusAccrued: '21', Offline: true }),
    receiptOf(till, 'K-03', boris, { Sum: '400', BonusRedeemed: '50', Offline: true }),
  ];
  const upload = { Upload: { KKM: 'K-03', Receipt: late } };
  await show('третья касса была без связи и выгружает два чека', await till.call('UploadReceipts', upload));
  await show('и ещё раз те же два чека', await till.call('UploadReceipts', upload));
  await read(boris);
  await read(closed);
  say(`История карты ${anna}:`);
  const history = await till.call('GetCardOperations', { Request: { CardNumber: anna } });
  for (const operation of listOperations(history)) for (const line of describeOperation(operation)) say(`  ${line}`);
}
