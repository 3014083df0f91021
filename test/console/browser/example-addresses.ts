// An address of each page of the console, by its path in src/console/pages.ts: what the tests in a browser open.
import { annaCard } from '../shown-base.ts';
import { callOnce, type TestingService } from '../../soap/testing-service.ts';
import { actionOf, waitForEnd, type ShownPage, type Visitor } from '../testing-console.ts';

/** The address itself, the first link of a page that looks so, or what makes the thing and gives its address. */
type Example =
  | string
  | { readonly on: string; readonly link: RegExp }
  | ((visitor: Visitor, service: TestingService) => Promise<string>);

const base = '/console/trade';

const examples: Readonly<Record<string, Example>> = {
  '': '',
  cards: 'cards?q=29&status=active',
  'cards/range': 'cards/range',
  'cards/bulk': 'cards/bulk',
  'cards/:number': `cards/${annaCard}`,
  'cards/:number/receipts': `cards/${annaCard}/receipts`,
  'cards/:number/holds': `cards/${annaCard}/holds`,
  'cards/:number/why': `cards/${annaCard}/why`,
  'cards/:number/edit': `cards/${annaCard}/edit`,
  'cards/:number/accrue': `cards/${annaCard}/accrue`,
  'cards/:number/write-off': `cards/${annaCard}/write-off`,
  kinds: 'kinds',
  'kinds/new': 'kinds/new',
  'kinds/code/:code': 'kinds/code/BASE',
  'kinds/code/:code/remove': 'kinds/code/GOLD/remove',
  rules: 'rules',
  'rules/example': 'rules/example?register=bonus&life=days:45&delay=days:3&lifeFrom=credit',
  'rules/new': 'rules/new',
  'rules/code/:code': 'rules/code/B45',
  'rules/code/:code/remove': 'rules/code/B45/remove',
  shops: 'shops',
  'shops/new': 'shops/new',
  'shops/code/:code': 'shops/code/01',
  'shops/code/:code/remove': 'shops/code/01/remove',
  'shops/till': 'shops/till',
  'shops/till/:kkm': 'shops/till/K-01',
  'shops/till/:kkm/remove': 'shops/till/K-01/remove',
  receipts: 'receipts',
  'receipts/:id': { on: 'receipts', link: /^receipts\/\d+$/ },
  documents: 'documents',
  'documents/:id': { on: 'documents', link: /^documents\/[\w-]+$/ },
  night: 'night',
  'night/preview.csv': 'night/preview.csv?on=2026-12-06',
  certificates: 'certificates',
  'certificates/issue': 'certificates/issue',
  'certificates/kinds': 'certificates/kinds',
  'certificates/kinds/new': 'certificates/kinds/new',
  'certificates/kinds/code/:code': 'certificates/kinds/code/GIFT',
  'certificates/number/:number': 'certificates/number/550001',
  reports: 'reports',
  'reports/:name': 'reports/turnover?from=2026-11-01&to=2026-11-22',
  'reports/:name.:format': 'reports/turnover.csv?from=2026-11-01',
  exchange: 'exchange',
  sync: 'sync',
  'sync/missing': 'sync/missing',
  'sync/:id': 'sync/1',
  envelopes: async (_visitor, service) => {
    await readCard(service, annaCard);
    return `${base}/envelopes`;
  },
  'envelopes/:id': { on: 'envelopes', link: /^envelopes\/\d+$/ },
  'envelopes/:id/:part.xml': 'envelopes/1/reply.xml',
  jobs: 'jobs',
  backups: 'backups',
  seals: 'seals',
  billing: 'billing',
  'billing/repost': 'billing/repost',
  'billing/disable': 'billing/disable',
  import: 'import',
  'import/file/:id': async (visitor) => (await bringFile(visitor)).address,
  'import/:number/reverse': async (visitor) => {
    const shown = await bringFile(visitor);
    const checked = await waitForEnd(visitor, await visitor.send(shown, actionOf(shown, '/check')));
    await waitForEnd(visitor, await visitor.send(checked, actionOf(checked, '/run')));
    return `${base}/import/1/reverse`;
  },
  settings: 'settings',
  'settings/stage/confirm': 'settings/stage/confirm?value=online',
  'settings/:name': 'settings/acceptCards',
  users: 'users',
  'users/new': 'users/new',
  'users/name/:name': 'users/name/auditor',
  'users/name/:name/remove': 'users/name/auditor/remove',
  changes: async (visitor) => {
    const page = await visitor.get(`${base}/settings/holdTimeout`);
    await visitor.send(page, `${base}/settings/holdTimeout`, { value: '300' });
    return `${base}/changes`;
  },
  work: 'work',
  'work/:id': async (visitor) => {
    const nights = await visitor.get(`${base}/night`);
    const begun = await visitor.send(nights, `${base}/night/preview`, { on: '2026-12-06' });
    return (await waitForEnd(visitor, begun)).address;
  },
};

export const openingFile = 'Номер карты;Сумма бонусов;Сумма накопления\n2900000000005;120,50;1000\nИтого;120,50;1000\n';

/** A till asks for a card. */
export async function readCard(service: TestingService, card: string, kkm = 'K-01'): Promise<void> {
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <k:GetCardInfo xmlns:k="http://www.kkm.solutions/KKMTransfer">
    <k:Request><k:KKM>${kkm}</k:KKM><k:CardNumber>${card}</k:CardNumber></k:Request>
  </k:GetCardInfo>
</soap:Body></soap:Envelope>`;
  const reply = await callOnce(service, { body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  if (reply.status !== 200) throw new Error(`the till was answered ${reply.status}`);
}

async function bringFile(visitor: Visitor): Promise<ShownPage> {
  const page = await visitor.get(`${base}/import`);
  return visitor.send(page, `${base}/import`, {}, { name: 'остатки.csv', bytes: openingFile });
}

/** The paths of pages that have no example, and examples of pages that are gone. */
export function findGaps(paths: readonly string[]): { readonly missing: string[]; readonly gone: string[] } {
  return {
    missing: paths.filter((path) => examples[path] === undefined),
    gone: Object.keys(examples).filter((path) => !paths.includes(path)),
  };
}

/** @throws if no link of the page looks like the example. */
export async function findAddress(visitor: Visitor, service: TestingService, path: string): Promise<string> {
  const example = examples[path];
  if (example === undefined) throw new Error(`${path} has no example`);
  if (typeof example === 'string') return `${base}/${example}`;
  if (typeof example === 'function') return example(visitor, service);
  const page = await visitor.get(`${base}/${example.on}`);
  for (const [, address = ''] of page.html.matchAll(/\bhref="([^"]+)"/g)) {
    if (address.startsWith(`${base}/`) && example.link.test(address.slice(base.length + 1))) return address;
  }
  throw new Error(`${example.on} has no link that looks like ${example.link}`);
}
