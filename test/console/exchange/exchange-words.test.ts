// What the page says of a place that could not be taken, and what to do about it.
import { explainTrouble, findRemedy } from '../../../src/console/exchange/exchange-words.ts';
import { sayIn } from '../../../src/console/say.ts';

const [ru, en] = [sayIn('ru'), sayIn('en')];

test.each([
  ['a link, not a file of the till', 'ссылка, а не файл кассы', 'Замените ссылку'],
  ['a folder, not a file', 'папка, а не файл', 'Устраните причину'],
  [
    'it lies beside the folders of the tills: files are taken from these',
    'лежит рядом с папками касс',
    'Положите файл',
  ],
  ['EACCES: permission denied', 'нет прав (EACCES)', 'Дайте учётной записи сервиса права'],
  ['ENOSPC: no space left on device', 'диск заполнен (ENOSPC)', 'Освободите место'],
  ['ENOENT: no such file or directory', 'папки или файла нет (ENOENT)', 'Верните папку на место'],
  ['database is locked', 'database is locked', 'Устраните причину'],
])('"%s" is "%s", and has a remedy', (why, words, remedy) => {
  expect(explainTrouble(why, ru)).toContain(words);
  expect(findRemedy(why, ru)).toContain(remedy);
  expect(explainTrouble(why, en)).toBe(why);
  expect(findRemedy(why, en)).not.toMatch(/[а-я]/i);
});
