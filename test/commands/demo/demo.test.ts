// `kkm demo`: it plays to its end and leaves nothing behind; what burns, what is credited and why is told as it happens.
import { readdirSync } from 'node:fs';
import { openTestingLine } from '../testing-io.ts';

const told = [
  // A day in stage online: a repeat, two tills and one balance, a return, a cancel, an offline upload.
  'День торговли, этап «online»',
  'повтор, ничего не сдвинуто; бонусы 150',
  'ответ 6: Операция с таким ключом уже принята с другим значением поля Sum',
  'ответ 5: Недостаточно бонусов',
  'принято 2, связано с прежними 0',
  'принято 0, связано с прежними 2',
  'ответ 2: Карта заблокирована',
  'бонусов стало -10 (Отмена чека 5, смена 1, касса K-01)',
  // A month in stage billing.
  'Месяц торговли, этап «billing»',
  'ждут начисления 180; 18.11.2026 сгорит 180',
  '04.11.2026  ночь, карта Анны: начислено 180 бонусов: прошли 3 дня после покупки; сгорят 18.11.2026',
  '05.11.2026  ночь, карта Бориса: начислено 30 бонусов',
  'повтор, ничего не сдвинуто; бонусы 80',
  '18.11.2026  ночь, карта Анны: сгорело 80 бонусов: было 107, а начислено со сроком позже 18.11.2026 всего 27',
  '19.11.2026  ночь, карта Бориса: сгорело 30 бонусов',
  'бонусов стало 27 (Опоздавший факт от 17.11.2026 18:40:00: ночи после него прошли бы иначе)',
  '23.11.2026  ночь, карта Анны: сгорело 27 бонусов',
  'вышел срок у начисления 50 от 10.11.2026',
  '01.12.2026  ночь, карта Анны: устарело накопление: -6000, чеков -1',
  'бонусы 0 (свободно 0); накопление 1500, чеков 2; скидка 5 %',
  'История карты Анны:',
  '(Подарок ко дню рождения)',
  'Тестовые базы удалены',
];

test('a day and a month of trade are played to the end', async () => {
  const line = openTestingLine();
  const { TMPDIR } = process.env;
  // Where it makes its folder: nobody else's then.
  process.env.TMPDIR = line.dataDir;
  const { code, out, err } = await line.run('demo').finally(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  expect([code, err, readdirSync(line.dataDir)]).toEqual([0, [], []]);
  await line.close();
  let at = 0;
  for (const text of told) {
    const found = out.findIndex((shown, index) => index >= at && shown.includes(text));
    expect([text, found >= 0]).toEqual([text, true]);
    at = found;
  }
});

test('it takes no flags', async () => {
  const line = openTestingLine();
  expect(await line.run('demo', '--days', '3')).toMatchObject({ code: 2, out: [] });
  await line.close();
});
