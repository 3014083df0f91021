// `npm run test:pack`: the package as an operator gets it. `npm pack`, `npm install --global` into an empty place, and then what
// the product does, run from a folder that has nothing of the source tree.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './call.mjs';
import { cardCall, fillInfobase, findFreePort, openKkm, openReport, password, user } from './run-service.mjs';

const report = openReport();
const folder = mkdtempSync(join(tmpdir(), 'kkm-package-'));
const npm = (...args) => execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
const see = (what, pattern, found) => report.see(what, pattern.test(found), found.slice(0, 300));

const withUser = (name) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });

async function askService(port, kkm) {
  const path = '/trade/ws/KKMTransfer.1cws';
  const get = async (address, headers = {}) => call({ port }, { method: 'GET', path: address, headers });
  const card = await call({ port }, { method: 'POST', path, headers: withUser(user), body: cardCall });
  see('a card', /<m:ResultCode>0<.*<m:CardNumber>2900000000001</s, card.body);
  see('the WSDL', /<definitions/, (await get(`${path}?wsdl`, withUser(user))).body);
  const page = await get('/console/trade/login');
  see('a page of the console', /<form method="post"/, page.body);
  const assets = [...page.body.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(([, address]) => address);
  for (const address of assets)
    see(`${address.replace(/\?.*/, '')}`, /^200$/, String((await get(address.replaceAll('&amp;', '&'))).status));
  see('three files of the page at least', /^[3-9]$/, String(assets.length));
  const api = await get('/trade/hs/discount/v1/openapi.json', withUser('admin'));
  see('the HTTP service describes itself', /"openapi"/, api.body);
  see('/metrics', /^kkm_calls_total\{/m, (await get('/metrics', withUser('admin'))).body);
  see('kkm backup while it serves', /^backup of infobase "trade"/, kkm.run(['backup', 'backups']));
  see('kkm jobs', /^Резервн.*0 30 3 /m, kkm.run(['jobs']));
  see('kkm doctor', /^ok {3}service/m, kkm.run(['doctor']));
}

try {
  npm('run', 'build');
  npm('pack', '--ignore-scripts', '--pack-destination', folder);
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const prefix = join(folder, 'global');
  // The database's driver is compiled, or fetched for this release of Node, by a script of its own.
  npm('install', '--global', '--allow-scripts=better-sqlite3', '--prefix', prefix, join(folder, archive));
  const installed = join(prefix, 'lib/node_modules/kkm-transfer');
  for (const file of ['docs/sysadmin.md', 'docs/sysadmin.ru.md', 'deploy/nginx/kkm-transfer.conf', 'deploy/check.sh'])
    see(`the package has ${file}`, /true/, String(existsSync(join(installed, file))));
  see('the package has no sources', /false/, String(existsSync(join(installed, 'test'))));

  const work = join(folder, 'work');
  mkdirSync(join(work, 'backups'), { recursive: true });
  const port = await findFreePort();
  const settings = {
    KKM_DATA_DIR: join(work, 'data'),
    KKM_PORT: String(port),
    KKM_BACKUP_DIR: join(work, 'backups'),
  };
  const kkm = openKkm([join(prefix, 'bin/kkm')], settings, work);
  see('kkm --version', /^\d+\.\d+\.\d+$/m, kkm.run(['--version']));
  for (const contract of ['wsdl/default', 'wsdl/flat-cyrillic', 'wsdl/xml-in-string'])
    see(`kkm contract check ${contract}`, /every operation has an answer/, kkm.run(['contract', 'check', contract]));
  see('kkm demo', /./, kkm.run(['demo']));
  fillInfobase(kkm);
  const service = await kkm.serve();
  await askService(port, kkm);
  see('a clean end', /^0,$/, String(await service.stop()));
  const [backup = ''] = readdirSync(join(work, 'backups')).filter((name) => name.endsWith('.backup'));
  see('kkm restore', /restored/, kkm.run(['restore', join('backups', backup), '--replace']));
  see('kkm verify', /./, kkm.run(['verify']));
  const again = await kkm.serve();
  see('a clean end after the restore', /^0,$/, String(await again.stop()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();
