// One shop: adding, changing its name, removing.
import { listShops, listTills, removeShop, saveShop, type Shop } from '../../operations/catalogs/shops.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { Question } from '../parts/question.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount } from '../show.ts';

export const shopPages: readonly Page[] = [
  { method: 'GET', path: 'shops/new', roles: ['admin'], answer: async (call) => showNewShop(call) },
  { method: 'POST', path: 'shops/new', answer: addShop },
  { method: 'GET', path: 'shops/code/:code', answer: async (call) => showShop(call, await getShop(call)) },
  { method: 'POST', path: 'shops/code/:code', answer: renameShop },
  { method: 'GET', path: 'shops/code/:code/remove', roles: ['admin'], answer: (call) => askRemoval(call) },
  { method: 'POST', path: 'shops/code/:code/remove', answer: takeAway },
];

export const shopPath = (code: string): string => `shops/code/${encodeURIComponent(code)}`;
const crumbsOf = (say: Say) => [{ title: say('Магазины и кассы', 'Shops and tills'), path: 'shops' }];

async function getShop({ infobase, params, say }: PageCall): Promise<Shop> {
  const found = (await listShops(infobase)).find(({ code }) => code === params.code);
  if (found === undefined) throw new NotFound(say(`Магазина «${params.code}» нет.`, `No shop "${params.code}".`));
  return found;
}

const russianMistakes = { code: 'Код: от 1 до 50 знаков.', name: 'Наименование: от 1 до 200 знаков.' };

interface ShopFormProps extends FormTrouble {
  readonly call: PageCall;
  readonly action: string;
  readonly code?: string;
  readonly name: string;
}

function ShopForm({ call: { say, base, token }, action, code, name, mistakes, problem }: ShopFormProps) {
  const isNew = code !== undefined;
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      <FormProblem text={problem} />
      {isNew && <InputField name="code" label={say('Код', 'Code')} value={code} isRequired mistakes={mistakes} />}
      <InputField name="name" label={say('Наименование', 'Name')} value={name} isRequired mistakes={mistakes} />
      <p class="actions">
        <button type="submit">{isNew ? say('Добавить магазин', 'Add the shop') : say('Записать', 'Save')}</button>
        <a href={`${base}/shops`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

function showNewShop(call: PageCall, trouble?: FormTrouble): PageReply {
  const { say, form } = call;
  const [code, name] = [form.get('code') ?? '', form.get('name') ?? ''];
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новый магазин', 'New shop'),
    crumbs: crumbsOf(say),
    body: <ShopForm {...{ call, action: 'shops/new', code, name }} {...trouble} />,
  };
}

async function addShop(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const [code, name] = [(form.get('code') ?? '').trim(), (form.get('name') ?? '').trim()];
  if ((await listShops(infobase)).some((shop) => shop.code === code)) {
    const why = say('Магазин с таким кодом уже есть.', 'There is a shop with this code.');
    return showNewShop(call, { mistakes: { code: why } });
  }
  const outcome = await saveShop(infobase, code, name);
  if (!outcome.ok) return showNewShop(call, findTrouble(outcome, say, russianMistakes));
  return goTo('shops', say(`Магазин «${name}» добавлен.`, `Shop "${name}" was added.`));
}

async function showShop(call: PageCall, shop: Shop, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, say, base, form, isAdmin } = call;
  const { code, name } = shop;
  const own = (await listTills(infobase)).filter(({ shopCode }) => shopCode === code);
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: name,
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Код', 'Code'), value: code },
            {
              title: say('Кассы', 'Tills'),
              value: own.length === 0 ? say('нет', 'none') : own.map(({ kkm }) => kkm).join(', '),
            },
          ]}
        />
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <ShopForm {...{ call, action: shopPath(code), name: form.get('name') ?? name }} {...trouble} />
            <p class="actions">
              <a href={`${base}/${shopPath(code)}/remove`}>{say('Удалить магазин', 'Remove the shop')}</a>
            </p>
          </>
        )}
      </>
    ),
  };
}

async function renameShop(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const shop = await getShop(call);
  const outcome = await saveShop(infobase, shop.code, (form.get('name') ?? '').trim());
  if (!outcome.ok) return showShop(call, shop, findTrouble(outcome, say, russianMistakes));
  return goTo('shops', say('Магазин записан.', 'The shop was saved.'));
}

async function askRemoval(call: PageCall, status?: 409): Promise<PageReply> {
  const { infobase, say } = call;
  const { code, name } = await getShop(call);
  const tills = (await listTills(infobase)).filter(({ shopCode }) => shopCode === code).length;
  const rehearsed = await removeShop(infobase, code, true);
  const count = say(`Касс в магазине: ${showCount(tills)}.`, `Tills in the shop: ${showCount(tills)}.`);
  const stays =
    tills > 0
      ? say('Сначала перенесите их в другой магазин.', 'Move them to another shop first.')
      : say('Магазин остаётся: он указан в документах.', 'The shop stays: documents name it.');
  return {
    kind: 'page',
    ...(status === undefined ? {} : { status }),
    title: say(`Удалить магазин «${name}»`, `Remove shop "${name}"`),
    crumbs: [...crumbsOf(say), { title: name, path: shopPath(code) }],
    body: rehearsed.ok ? (
      <Question
        call={call}
        action={`${shopPath(code)}/remove`}
        back={shopPath(code)}
        button={say('Удалить магазин', 'Remove the shop')}
      >
        <p>
          {count} {say('Документов с этим магазином нет.', 'No documents name it.')}
        </p>
      </Question>
    ) : (
      <p class="notice warn">
        {count} {stays}
      </p>
    ),
  };
}

async function takeAway(call: PageCall): Promise<PageReply> {
  const { infobase, say } = call;
  const { code, name } = await getShop(call);
  const outcome = await removeShop(infobase, code);
  if (!outcome.ok) return askRemoval(call, 409);
  return goTo('shops', say(`Магазин «${name}» удалён.`, `Shop "${name}" was removed.`));
}
