// `npm run screenshots`: pictures of the console for docs/img, of a base of its own that is the same each time.
// `npm run screenshots -- --all DIR` takes every page in both languages, widths and colours, to be looked at.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { languageCookie } from '../../src/console/cookies.ts';
import { pages } from '../../src/console/pages.ts';
import { dateOf } from '../../src/ledger/local-date-time.ts';
import { moment } from '../operations/testing-infobase.ts';
import { admin } from '../soap/testing-service.ts';
import { openBrowser } from './browser/chromium.ts';
import { findAddress, readCard } from './browser/example-addresses.ts';
import { fillShownBase, numberCard } from './shown-base.ts';
import { startConsole, type TestingConsole } from './testing-console.ts';

interface Look {
  readonly language: 'ru' | 'en';
  readonly colorScheme: 'light' | 'dark';
  readonly width: 1280 | 390;
}

const usual: Look = { language: 'ru', colorScheme: 'light', width: 1280 };
const until = moment('2026-11-22T16:40:00');

/** What the documents show: the file's name, the page, and how it differs from the usual look. */
const shown: readonly (readonly [name: string, path: string, look?: Partial<Look>])[] = [
  ['overview', ''],
  ['overview-en', '', { language: 'en' }],
  ['overview-dark', '', { colorScheme: 'dark' }],
  ['card', 'cards/:number'],
  ['card-en', 'cards/:number', { language: 'en' }],
  ['card-dark', 'cards/:number', { colorScheme: 'dark' }],
  ['card-phone', 'cards/:number', { width: 390 }],
  ['card-why', 'cards/:number/why'],
  ['cards', 'cards'],
  ['night-preview', 'work/:id'],
  ['billing', 'billing/disable'],
  ['import', 'import/file/:id'],
  ['turnover', 'reports/:name'],
  ['envelopes', 'envelopes/:id'],
];

async function takeAll(): Promise<void> {
  const [flag, folder = 'docs/img'] = process.argv.slice(2);
  const runFolder = mkdtempSync(join(tmpdir(), 'kkm-screenshots-'));
  process.env['TEST_RUN_FOLDER'] = runFolder;
  mkdirSync(folder, { recursive: true });
  const trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: { clock: '2026-11-22T08:00:00' },
  });
  const browser = await openBrowser();
  try {
    const addresses = await prepare(trial);
    const wanted = flag === '--all' ? listEverything() : shown;
    for (const [name, path, look] of wanted) {
      const address = trial.service.running.origin + (addresses.get(path) ?? '');
      await takeOne(browser, address, join(folder, `${name}.png`), { ...usual, ...look }, flag === '--all');
    }
  } finally {
    await browser.close();
    await trial.service.stop();
    rmSync(runFolder, { recursive: true, force: true });
  }
}

function listEverything(): (readonly [string, string, Look])[] {
  const looks = (['ru', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      ([1280, 390] as const).map((width): Look => ({ language, colorScheme, width })),
    ),
  );
  return pages
    .filter(({ method, path }) => method === 'GET' && !/\.(?:csv|xml|:format)$/.test(path))
    .flatMap(({ path }) =>
      looks.map((look) => {
        const name = path.replaceAll(/\W+/g, '-') || 'overview';
        return [`${name}-${look.language}-${look.colorScheme}-${look.width}`, path, look] as const;
      }),
    );
}

/** @returns the address of each page. */
async function prepare(trial: TestingConsole): Promise<Map<string, string>> {
  const { service } = trial;
  await fillShownBase(service.infobase(), { cards: 200, receiptsADay: 24, from: dateOf(moment('2026-09-07')), until });
  for (let hour = 9; hour <= 16; hour += 1) {
    service.clock.at = moment(`2026-11-22T${String(hour).padStart(2, '0')}:20:00`);
    // More at midday and towards the evening.
    const calls = 4 + ((hour * 5) % 9);
    for (let call = 0; call < calls; call += 1) {
      const card = call === 3 ? '2900000999999' : numberCard((hour * 17 + call * 5) % 200);
      await readCard(service, card, `K-0${(call % 3) + 1}`);
    }
  }
  service.clock.at = until;
  const visitor = await trial.visit();
  const addresses = new Map<string, string>();
  for (const { method, path } of pages) {
    if (method === 'GET') addresses.set(path, await findAddress(visitor, service, path));
  }
  return addresses;
}

/** Logged in already, by what they look like. */
const openPages = new Map<string, Page>();

async function takeOne(browser: Browser, url: string, file: string, look: Look, isWhole: boolean): Promise<void> {
  const { origin } = new URL(url);
  const { language, colorScheme, width } = look;
  const key = JSON.stringify(look);
  let page = openPages.get(key);
  if (page === undefined) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    await context.addCookies([{ name: languageCookie, value: language, url: origin }]);
    page = await context.newPage();
    await page.goto(`${origin}/console/trade/login`);
    await page.fill('[name=name]', admin.name);
    await page.fill('[name=password]', admin.password);
    await page.click('button[type=submit]');
    await page.waitForURL(`${origin}/console/trade/`);
    openPages.set(key, page);
  }
  await page.goto(url);
  await page.screenshot({ path: file, ...(isWhole ? { clip: { x: 0, y: 0, width, height: 1_400 } } : {}) });
}

void takeAll();
