// What people come to the console for, done in a browser as they do it: with the keyboard where no mouse is needed.
import type { Browser, Page } from 'playwright-core';
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { addCard, addKind, buildSale, moment, register } from '../../operations/testing-infobase.ts';
import { admin } from '../../soap/testing-service.ts';
import { annaCard, fillShownBase } from '../shown-base.ts';
import { startConsole, type TestingConsole } from '../testing-console.ts';
import { openBrowser, whyNoBrowser } from './chromium.ts';
import { openingFile } from './example-addresses.ts';

const until = moment('2026-11-22T12:00:00');

(whyNoBrowser === undefined ? describe : describe.skip)(`a visit${whyNoBrowser ?? ''}`, () => {
  let trial: TestingConsole;
  let browser: Browser;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    trial = await startConsole({
      settings: { SUBSCRIPTION: 'extended', INFOBASES: 'trade,second' },
      before: { clock: until },
    });
    origin = trial.service.running.origin;
    const from = dateOf(moment('2026-11-10'));
    await fillShownBase(trial.service.infobase(), { cards: 12, receiptsADay: 2, from, until });
    const second = trial.service.infobase('second');
    await addKind(second);
    await addCard(second);
    for (const receiptNumber of [1, 2, 3]) {
      const sale = buildSale({ receiptNumber, bonusAccruedKopecks: 300 });
      expect((await register(second, sale)).code).toBe(0);
    }
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
  });

  afterAll(async () => {
    await browser?.close();
    await trial?.service.stop();
  });

  /** Goes on with Tab until the element has the focus, as who has no mouse does. */
  async function tabTo(selector: string): Promise<void> {
    for (let steps = 0; steps < 80; steps += 1) {
      if (
        await page
          .locator(selector)
          .first()
          .evaluate((one) => one === document.activeElement)
      )
        return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not come to ${selector} on ${page.url()}`);
  }

  async function enter(selector: string, text: string): Promise<void> {
    await tabTo(selector);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  }

  async function press(selector: string): Promise<void> {
    await tabTo(selector);
    await page.keyboard.press('Enter');
  }

  /** Waits until <main> shows the text. */
  async function see(text: string): Promise<void> {
    try {
      await page.locator('main', { hasText: text }).waitFor();
    } catch (reason) {
      const shown = await page.locator('main').innerText();
      throw new Error(`${page.url()} does not show "${text}" but: ${shown}`, { cause: reason });
    }
  }

  async function logIn(infobase: string, password: string): Promise<void> {
    await page.goto(`${origin}/console/${infobase}/login`);
    await enter('[name=name]', admin.name);
    await enter('[name=password]', password);
    await page.keyboard.press('Enter');
  }

  test('log in: a wrong password, then the right one', async () => {
    await logIn('trade', 'wrong');
    await see('Имя или пароль не подходят');
    expect(await page.inputValue('[name=name]')).toBe(admin.name);
    await enter('[name=password]', admin.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/console/trade/`);
    await see('Кассы обслуживаются');
  });

  test('find a card by typing, with the keyboard alone, and see why it has its balance', async () => {
    await press('nav.wide a[href$="/cards"]');
    await see('Карты по номерам');
    await enter('[name=q]', '2900000000001');
    await page.waitForURL((url) => url.searchParams.get('q') === annaCard);
    await page.locator('#found tbody tr').nth(1).waitFor({ state: 'detached' });
    // What was typed stays in its field, and the focus too.
    expect(await page.inputValue('[name=q]')).toBe(annaCard);
    await press(`#found a[href$="/cards/${annaCard}"]`);
    await see('сгорит');
    await press('.tabs a[href$="/why"]');
    await see('Сходится.');
  });

  test('a card that is not there is a page in words', async () => {
    const response = await page.goto(`${origin}/console/trade/cards/999`);
    expect(response?.status()).toBe(404);
    await see('Не найдено');
  });

  test('import a file: preview, check, bring in, reverse', async () => {
    await page.goto(`${origin}/console/trade/import`);
    await page.setInputFiles('[name=file]', {
      name: 'пустой.csv',
      mimeType: 'text/csv',
      buffer: Buffer.alloc(0),
    });
    await press('main form button[type=submit]');
    await see('Файл пустой');
    await page.setInputFiles('[name=file]', {
      name: 'остатки.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(openingFile),
    });
    await press('main form button[type=submit]');
    await see('остатки.csv');
    await press('main button:has-text("Проверить")');
    await see('Файл можно загрузить. Пока ничего не записано.');
    await press('main button:has-text("Загрузить")');
    await see('Загружено');
    await page.goto(`${origin}/console/trade/import/1/reverse`);
    await enter('main [name=name]', 'other');
    await page.keyboard.press('Enter');
    await see('Имя базы не совпало: ничего не сделано');
    await enter('main [name=name]', 'trade');
    await page.keyboard.press('Enter');
    await see('Загрузка 1 отменена');
  });

  test('preview a night', async () => {
    await page.goto(`${origin}/console/trade/night`);
    const form = 'form[action$="/night/preview"]';
    await page.fill(`${form} [name=on]`, '2026-11-28');
    await press(`${form} button`);
    await see('Ночь за 28.11.2026');
    // The gift of 150,00, less what was spent since.
    await see('бонусы 100,00, накопление 0,00');
  });

  test('switch billing on: a question, exclusive mode, progress to the end', async () => {
    await logIn('second', admin.password);
    await page.waitForURL(`${origin}/console/second/`);
    await press('nav.wide a[href$="/billing"]');
    await see('система биллинга дисконтных карт выключена');
    await press('main button:has-text("Включить монопольный режим")');
    await see('Вы готовы начать перенос данных');
    await press('main button:has-text("Начать включение биллинга")');
    await see('Включите монопольный режим');
    await tabTo('[name=exclusive]');
    await page.keyboard.press('Space');
    await press('main button:has-text("Начать включение биллинга")');
    await page.waitForURL(`${origin}/console/second/billing/repost`);
    await see('Перенос данных завершен');
    await see('3 из 3');
    await page.goto(`${origin}/console/second/billing`);
    await see('система биллинга дисконтных карт включена');
  });

  test('choose English, and log out', async () => {
    await page.goto(`${origin}/console/trade/cards?q=29`);
    await press('a.language');
    await see('Cards by number');
    expect(page.url()).toBe(`${origin}/console/trade/cards?q=29`);
    await press('form.logout button');
    await page.waitForURL(`${origin}/console/trade/login`);
    await see('Log in to the console');
    await page.goto(`${origin}/console/trade/cards`);
    expect(new URL(page.url()).pathname).toBe('/console/trade/login');
  });
});
