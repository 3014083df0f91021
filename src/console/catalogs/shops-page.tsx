// Shops and tills on one page: both lists, and the tills that called and that nobody has entered.
import {
  listShops,
  listTills,
  listUnknownTills,
  saveTill,
  type Shop,
  type Till,
} from '../../operations/catalogs/shops.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showCount } from '../show.ts';
import { shopPages, shopPath } from './shop-pages.tsx';
import { tillPages, tillPath } from './till-pages.tsx';

export const shopsPages: readonly Page[] = [
  { method: 'GET', path: 'shops', answer: showShops },
  { method: 'POST', path: 'shops/unknown', answer: addUnknown },
  ...shopPages,
  ...tillPages,
];

async function showShops(call: PageCall): Promise<PageReply> {
  const { infobase, say, isAdmin } = call;
  const [shops, tills, unknown] = [
    await listShops(infobase),
    await listTills(infobase),
    await listUnknownTills(infobase),
  ];
  return {
    kind: 'page',
    title: say('Магазины и кассы', 'Shops and tills'),
    body: (
      <>
        <p>
          {say(
            'Документ кассы запоминает магазин, в котором она тогда стояла: перенос кассы прежнего не меняет.',
            'A document of a till keeps the shop that the till stood in: moving a till changes nothing earlier.',
          )}
        </p>
        <Unknown call={call} kkms={unknown} />
        <ShopTable {...{ call, shops, tills }} />
        {isAdmin && <AddLink {...{ call, path: 'shops/new', title: say('Новый магазин', 'New shop') }} />}
        <TillTable {...{ call, shops, tills }} />
        {isAdmin && <AddLink {...{ call, path: 'shops/till', title: say('Новая касса', 'New till') }} />}
      </>
    ),
  };
}

interface AddLinkProps {
  readonly call: PageCall;
  readonly path: string;
  readonly title: string;
}

function AddLink({ call: { base }, path, title }: AddLinkProps) {
  return (
    <p class="actions">
      <a class="button second" href={`${base}/${path}`}>
        {title}
      </a>
    </p>
  );
}

function Unknown({ call, kkms }: { readonly call: PageCall; readonly kkms: readonly string[] }) {
  const { say, base, token, isAdmin } = call;
  if (kkms.length === 0) return null;
  return (
    <section class="notice warn">
      <h2>{say('Кассы, которых нет в справочнике', 'Tills that are not in the catalog')}</h2>
      <p>
        {say(
          'Они обращались и обслуживаются, но у их документов нет магазина.',
          'They called and are served, but their documents have no shop.',
        )}
      </p>
      <ul>
        {kkms.map((kkm) => (
          <li>
            <span class="mono">{kkm}</span>
            {isAdmin && (
              <PostForm action={`${base}/shops/unknown`} token={token} class="actions">
                <input type="hidden" name="kkm" value={kkm} />
                <button type="submit" class="second" aria-label={`${say('Добавить кассу', 'Add the till')} ${kkm}`}>
                  {say('Добавить', 'Add')}
                </button>
              </PostForm>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** With one click; its shop is chosen on the page that follows. */
async function addUnknown({ infobase, form, say }: PageCall): Promise<PageReply> {
  const kkm = form.get('kkm') ?? '';
  // A form of a page that was open for long: the till may have been entered, or removed, meanwhile.
  if (!(await listUnknownTills(infobase)).includes(kkm)) return goTo('shops');
  await saveTill(infobase, kkm, {});
  return goTo(
    tillPath(kkm),
    say(`Касса «${kkm}» добавлена: укажите магазин.`, `Till "${kkm}" was added: choose its shop.`),
  );
}

interface TablesProps {
  readonly call: PageCall;
  readonly shops: readonly Shop[];
  readonly tills: readonly Till[];
}

function ShopTable({ call: { say, base }, shops, tills }: TablesProps) {
  const count = (code: string): number => tills.filter(({ shopCode }) => shopCode === code).length;
  return (
    <Table
      caption={say('Магазины', 'Shops')}
      columns={[
        {
          title: say('Наименование', 'Name'),
          show: ({ code, name }) => <a href={`${base}/${shopPath(code)}`}>{name}</a>,
          isHead: true,
        },
        { title: say('Код', 'Code'), show: ({ code }) => code },
        { title: say('Касс', 'Tills'), show: ({ code }) => showCount(count(code)), isNumber: true },
      ]}
      rows={shops}
      none={say('Магазинов ещё нет.', 'There are no shops yet.')}
    />
  );
}

function TillTable({ call: { say, base }, shops, tills }: TablesProps) {
  const names = new Map(shops.map(({ code, name }) => [code, name]));
  return (
    <Table
      caption={say('Кассы', 'Tills')}
      columns={[
        {
          title: say('Касса', 'Till'),
          show: ({ kkm }) => <a href={`${base}/${tillPath(kkm)}`}>{kkm}</a>,
          isHead: true,
        },
        { title: say('Магазин', 'Shop'), show: ({ shopCode }) => names.get(shopCode ?? '') ?? '' },
        { title: say('Синхронизация', 'Synchronization'), show: ({ isSynced }) => nameSynced(isSynced, say) },
      ]}
      rows={tills}
      none={say('Касс в справочнике ещё нет.', 'There are no tills in the catalog yet.')}
    />
  );
}

function nameSynced(isSynced: boolean, say: Say): string {
  return isSynced ? say('участвует', 'takes part') : say('нет', 'no');
}
