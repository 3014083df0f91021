// Every page of the console in a browser: for people who use a screen reader, a phone, the dark, English, or no scripts.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { languageCookie } from '../../../src/console/cookies.ts';
import { pages } from '../../../src/console/pages.ts';
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { reportNames } from '../../../src/operations/reports/open-report.ts';
import { addCard, addKind, buildSale, moment, register } from '../../operations/testing-infobase.ts';
import { admin } from '../../soap/testing-service.ts';
import { fillShownBase } from '../shown-base.ts';
import { startConsole, type TestingConsole } from '../testing-console.ts';
import { openBrowser, whyNoBrowser } from './chromium.ts';
import { findAddress, findGaps } from './example-addresses.ts';

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 800 };
const paths = pages.filter(({ method }) => method === 'GET').map(({ path }) => path);
/** With every part that has colours of its own. */
const colourful = [
  '',
  'cards/:number',
  'night',
  'billing/disable',
  'import/file/:id',
  'settings/stage/confirm',
  'users',
];

const until = moment('2026-11-22T12:00:00');

test('every page has an example address', () => {
  const { missing, gone } = findGaps(paths);
  const file = 'test/console/browser/example-addresses.ts';
  const advice = [
    ...missing.map((path) => `add an example address of '${path}' to ${file}`),
    ...gone.map((path) => `take '${path}' out of ${file}: there is no such page`),
  ];
  expect(advice).toEqual([]);
});

(whyNoBrowser === undefined ? describe : describe.skip)(`in a browser${whyNoBrowser ?? ''}`, () => {
  let trial: TestingConsole;
  let browser: Browser;
  const addresses = new Map<string, string>();
  let reader: Reader;
  /** Runs no scripts. */
  let plain: Page;

  beforeAll(async () => {
    trial = await startConsole({
      settings: { SUBSCRIPTION: 'extended', INFOBASES: 'trade,second' },
      before: { clock: until },
    });
    const [first, second] = [trial.service.infobase(), trial.service.infobase('second')];
    await fillShownBase(first, { cards: 12, receiptsADay: 2, from: dateOf(moment('2026-11-02')), until });
    await addKind(second);
    await addCard(second);
    expect((await register(second, buildSale({ bonusAccruedKopecks: 300 }))).code).toBe(0);
    const visitor = await trial.visit();
    for (const path of paths)
      if (findGaps([path]).missing.length === 0) addresses.set(path, await findAddress(visitor, trial.service, path));
    browser = await openBrowser();
    reader = await openReader(browser, trial);
    plain = await browser.newPage({ javaScriptEnabled: false, viewport: wide });
    await logIn(plain, trial.service.running.origin, 'trade');
    await logIn(reader.page, trial.service.running.origin, 'second');
  });

  afterAll(async () => {
    await browser?.close();
    await trial?.service.stop();
  });

  test.each(paths)('page "%s"', async (path) => {
    const address = addresses.get(path) as string;
    const { page } = reader;
    if (await isDownload(page, trial.service.running.origin + address)) return;
    const text = await reader.open(address, wide, 'ru');
    expect(await findViolations(page)).toEqual([]);
    await page.setViewportSize(narrow);
    expect(await findOverflow(page)).toEqual([]);
    await reader.open(address, narrow, 'en');
    expect(await findOverflow(page)).toEqual([]);
    // Half of axe's time goes into colours, which no language changes.
    expect(await findViolations(page, withoutColours)).toEqual([]);
    expect(reader.takeTroubles()).toEqual([]);
    if (!isForReading(path)) return;
    await plain.goto(trial.service.running.origin + address);
    expect(await readMain(plain)).toBe(text);
  });

  test.each(colourful)('page "%s" in the dark', async (path) => {
    await reader.page.emulateMedia({ colorScheme: 'dark' });
    await reader.open(addresses.get(path) as string, wide, 'ru');
    expect(await findViolations(reader.page)).toEqual([]);
    await reader.page.emulateMedia({ colorScheme: 'light' });
  });

  test.each(reportNames)('report "%s"', async (name) => {
    await reader.open(`/console/trade/reports/${name}`, narrow, 'ru');
    expect(await findOverflow(reader.page)).toEqual([]);
    expect(await findViolations(reader.page, withoutColours)).toEqual([]);
    expect(reader.takeTroubles()).toEqual([]);
  });

  test.each(['', 'cards/2900000001', 'cards/2900000001/why', 'night', 'billing', 'billing/repost', 'billing/disable'])(
    'page "%s" of an infobase in stage online',
    async (path) => {
      const { page } = reader;
      await reader.open(`/console/second/${path}`, wide, 'ru');
      expect(await findViolations(page)).toEqual([]);
      await page.setViewportSize(narrow);
      expect(await findOverflow(page)).toEqual([]);
      expect(reader.takeTroubles()).toEqual([]);
    },
  );
});

/** Whether auditors see the page too: what they have no part in is made of forms. */
function isForReading(path: string): boolean {
  return pages.find((page) => page.method === 'GET' && page.path === path)?.roles === undefined;
}

interface Reader {
  readonly page: Page;
  /** @returns what <main> shows. */
  open(address: string, size: typeof wide, language: 'ru' | 'en'): Promise<string>;
  /** What has gone wrong since the last time: messages of the browser, requests to other hosts. */
  takeTroubles(): string[];
}

async function openReader(browser: Browser, trial: TestingConsole): Promise<Reader> {
  const { origin } = trial.service.running;
  const context = await browser.newContext();
  // The browser's tools bring axe into every page: a script of the page would have to be the console's own.
  await context.addInitScript({ content: axeSource });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) troubles.push(`request to ${request.url()}`);
  });
  await logIn(page, origin, 'trade');
  return {
    page,
    async open(address, size, language) {
      await page.setViewportSize(size);
      await context.addCookies([{ name: languageCookie, value: language, url: origin }]);
      const response = await page.goto(origin + address);
      expect([response?.status(), page.url()]).toEqual([200, origin + address]);
      return readMain(page);
    },
    takeTroubles: () => troubles.splice(0),
  };
}

async function logIn(page: Page, origin: string, infobase: string): Promise<void> {
  await page.goto(`${origin}/console/${infobase}/login`);
  await page.fill('[name=name]', admin.name);
  await page.fill('[name=password]', admin.password);
  await page.click('button[type=submit]');
  await page.waitForURL(`${origin}/console/${infobase}/`);
}

async function isDownload(page: Page, url: string): Promise<boolean> {
  const response = await page.request.get(url);
  expect([url, response.status()]).toEqual([url, 200]);
  return response.headers()['content-disposition'] !== undefined;
}

function readMain(page: Page): Promise<string> {
  return page.locator('main').innerText();
}

interface AxeResult {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

type RuleChoice = Readonly<Record<string, { readonly enabled: boolean }>>;

const withoutColours: RuleChoice = { 'color-contrast': { enabled: false } };

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or critical, one line a place. */
async function findViolations(page: Page, rules: RuleChoice = {}): Promise<string[]> {
  const options = JSON.stringify({ resultTypes: ['violations'], iframes: false, preload: false, rules });
  const code = `axe.run(document, ${options}).then(({ violations }) => violations)`;
  const violations: readonly AxeResult[] = await page.evaluate(code);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`));
}

/** What reaches beyond the screen's right edge, outside of a table's own frame; the address says nothing of it. */
async function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement as Element;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.querySelectorAll('body *')].filter(
      (one) => one.getBoundingClientRect().right > clientWidth && one.closest('.table') === null,
    );
    return [`${scrollWidth} pixels wide`, ...beyond.map((one) => one.outerHTML.slice(0, 120))];
  });
}
