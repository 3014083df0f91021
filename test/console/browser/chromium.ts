// The browser of tests and screenshots: the Chromium of @sparticuz/chromium, unpacked once into node_modules/.cache, or the one
// that CHROMIUM names.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const ownBrowser = process.env['CHROMIUM'];

/** Why there is no browser on this machine, and what to do; undefined where there is one. */
export const whyNoBrowser =
  ownBrowser !== undefined || (process.platform === 'linux' && process.arch === 'x64')
    ? undefined
    : 'skipped: Chromium is packed for Linux x64 only; set CHROMIUM to the path of a Chromium or Chrome to run these tests';

export async function openBrowser(): Promise<Browser> {
  const folder = ownBrowser === undefined ? await unpack() : undefined;
  return chromium.launch({
    executablePath: ownBrowser ?? join(folder as string, 'chromium'),
    // The packed Chromium is a headless shell; a container has no sandbox for it and no graphics card.
    args: ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
    env: { ...process.env, ...(folder === undefined ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }) },
  });
}

/** @returns the folder of the unpacked browser, which stays for the next run. */
async function unpack(): Promise<string> {
  const cache = resolve('node_modules/.cache');
  const { version } = JSON.parse(readFileSync('node_modules/@sparticuz/chromium/package.json', 'utf8')) as {
    readonly version: string;
  };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const own = mkdtempSync(join(cache, 'chromium-'));
  // It unpacks into the temporary folder of its process.
  const code = "import('@sparticuz/chromium').then((packed) => packed.default.executablePath())";
  await promisify(execFile)(process.execPath, ['-e', code], { env: { ...process.env, TMPDIR: own } });
  writeFileSync(join(own, 'fonts.conf'), writeFontList(folder));
  try {
    renameSync(own, folder);
  } catch (reason) {
    // Another test file was faster.
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw reason;
  }
  return folder;
}

/** Pages look the same on every machine: the packed font first, and the machine's for the signs that it lacks. */
function writeFontList(folder: string): string {
  const families = ['sans-serif', 'system-ui'].map(
    (name) => `<alias><family>${name}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
  ${families.join('\n  ')}
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}
