// What a line of the night says of a delayed credit that burned: the «Начисление» of an earlier night that brought it, with
// nothing else posted in between to help.
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addCard, buildSale, moment, register } from '../testing-infobase.ts';
import { day, listOperations, openBilling, passNight, passNightsTo } from '../billing/testing-billing.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

const cards = ['C1', 'C2', 'C3'];

/** Three cards with 100 each from a sale of 2021-01-01: credited by the night of the 3rd, written off by that of the 6th. */
async function openDelayed(life = 'days:3 days:2'): Promise<Infobase> {
  const infobase = await openBilling({ kinds: { K: { bonus: life } } });
  infobases.push(infobase);
  await passNight(infobase, day('2021-01-01'));
  for (const [index, number] of cards.entries()) {
    await addCard(infobase, { number, kindCode: 'K' });
    const at = moment('2021-01-01T10:00:00');
    await register(
      infobase,
      buildSale({ receiptNumber: index + 1, receiptAt: at, cardNumber: number, bonusAccruedKopecks: 10_000 }),
      at,
    );
  }
  return infobase;
}

async function findReason(infobase: Infobase, cardNumber: string): Promise<string | undefined> {
  const written = (await listOperations(infobase, cardNumber)).filter(
    ({ documentKind }) => documentKind === 'WriteOff',
  );
  expect(written).toHaveLength(1);
  return /бонусы [^;]*/.exec(written[0]?.comment ?? '')?.[0];
}

async function findCredit(infobase: Infobase, cardNumber: string): Promise<string | undefined> {
  return (await listOperations(infobase, cardNumber)).find(({ documentKind }) => documentKind === 'Accrual')?.document;
}

async function expectNamed(infobase: Infobase): Promise<void> {
  for (const number of cards) {
    const credit = await findCredit(infobase, number);
    expect(credit).toContain('от 03.01.2021');
    expect(await findReason(infobase, number)).toBe(`бонусы 100: остаток 100, не сгорает 0, истекли: 100 (${credit})`);
  }
}

test('a delayed credit that burns is named, a night at a time', async () => {
  const infobase = await openDelayed();
  for (const on of ['2021-01-02', '2021-01-03', '2021-01-04', '2021-01-05', '2021-01-06']) {
    await passNight(infobase, day(on));
  }
  await expectNamed(infobase);
});

test('the same where several nights are made up for in a row', async () => {
  const infobase = await openDelayed();
  await passNightsTo(infobase, day('2021-01-06'));
  await expectNamed(infobase);
});

test('the same by chunks of one card, the first night credits and the second one writes off', async () => {
  const infobase = await openDelayed();
  for (const on of ['2021-01-02', '2021-01-03', '2021-01-04', '2021-01-05', '2021-01-06']) {
    await passNight(infobase, day(on), { chunkCards: 1 });
  }
  await expectNamed(infobase);
});

test.each(['2021-01-03', '2021-01-06'])('the same where the night of %s stops between two cards', async (broken) => {
  const infobase = await openDelayed();
  for (const on of ['2021-01-02', '2021-01-03', '2021-01-04', '2021-01-05', '2021-01-06']) {
    let chunks = 0;
    const shouldStop = (): boolean => (chunks += 1) > 2;
    if (on === broken) {
      await expect(passNight(infobase, day(on), { chunkCards: 1, shouldStop })).rejects.toThrow('stopped');
    }
    await passNight(infobase, day(on), { chunkCards: 1 });
  }
  await expectNamed(infobase);
});

test('what a night credits after its date has passed is named by the next one, and not by its own', async () => {
  // Both dates are counted from the sale: credited by the night of the 3rd, whose write-off has been by then.
  const infobase = await openDelayed('fixed_date:2021-01-03 days:2');
  await passNight(infobase, day('2021-01-02'));
  await passNight(infobase, day('2021-01-03'), { chunkCards: 1 });
  await passNight(infobase, day('2021-01-04'), { chunkCards: 1 });
  await expectNamed(infobase);
});
