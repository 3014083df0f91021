// One till: adding, its shop and whether it is synchronized, removing.
import { listShops, listTills, removeTill, saveTill, type Shop, type Till } from '../../operations/catalogs/shops.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm, SelectField } from '../parts/form.tsx';
import { Question } from '../parts/question.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';

export const tillPages: readonly Page[] = [
  { method: 'GET', path: 'shops/till', roles: ['admin'], answer: (call) => showNewTill(call) },
  { method: 'POST', path: 'shops/till', answer: addTill },
  { method: 'GET', path: 'shops/till/:kkm', answer: async (call) => showTill(call, await getTill(call)) },
  { method: 'POST', path: 'shops/till/:kkm', answer: changeTill },
  { method: 'GET', path: 'shops/till/:kkm/remove', roles: ['admin'], answer: askRemoval },
  { method: 'POST', path: 'shops/till/:kkm/remove', answer: takeAway },
];

export const tillPath = (kkm: string): string => `shops/till/${encodeURIComponent(kkm)}`;
const crumbsOf = (say: Say) => [{ title: say('Магазины и кассы', 'Shops and tills'), path: 'shops' }];

async function getTill({ infobase, params, say }: PageCall): Promise<Till> {
  const found = (await listTills(infobase)).find(({ kkm }) => kkm === params.kkm);
  if (found === undefined) throw new NotFound(say(`Кассы «${params.kkm}» нет.`, `No till "${params.kkm}".`));
  return found;
}

const russianMistakes = { kkm: 'Имя кассы: от 1 до 50 знаков.', shopCode: 'Такого магазина нет.' };

function readChange(form: URLSearchParams): Pick<Till, 'shopCode' | 'isSynced'> {
  return { shopCode: form.get('shopCode') || null, isSynced: form.get('isSynced') === 'yes' };
}

interface TillFormProps extends FormTrouble {
  readonly call: PageCall;
  readonly action: string;
  readonly isNew: boolean;
  readonly till: Till;
  readonly shops: readonly Shop[];
}

function TillForm({ call: { say, base, token }, action, isNew, till, shops, mistakes, problem }: TillFormProps) {
  const none = { value: '', title: say('без магазина', 'no shop') };
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      <FormProblem text={problem} />
      {isNew && (
        <InputField
          name="kkm"
          label={say('Касса', 'Till')}
          hint={say('Как она называет себя в вызовах.', 'As it names itself in its calls.')}
          value={till.kkm}
          isRequired
          mistakes={mistakes}
        />
      )}
      <SelectField
        name="shopCode"
        label={say('Магазин', 'Shop')}
        value={till.shopCode ?? ''}
        choices={[none, ...shops.map(({ code, name }) => ({ value: code, title: name }))]}
        mistakes={mistakes}
      />
      <CheckField
        name="isSynced"
        label={say('Участвует в синхронизации накоплений', 'Takes part in the synchronization')}
        hint={say(
          'Для касс, которые работают без связи и забирают пакеты с остатками.',
          'For tills that work without a line and fetch packages with the balances.',
        )}
        isChecked={till.isSynced}
      />
      <p class="actions">
        <button type="submit">{isNew ? say('Добавить кассу', 'Add the till') : say('Записать', 'Save')}</button>
        <a href={`${base}/shops`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

async function showNewTill(call: PageCall, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, say, form } = call;
  const till = { kkm: form.get('kkm') ?? '', ...readChange(form) };
  const shops = await listShops(infobase);
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новая касса', 'New till'),
    crumbs: crumbsOf(say),
    body: <TillForm {...{ call, action: 'shops/till', isNew: true, till, shops }} {...trouble} />,
  };
}

async function addTill(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const kkm = (form.get('kkm') ?? '').trim();
  if ((await listTills(infobase)).some((till) => till.kkm === kkm)) {
    const why = say('Такая касса уже есть.', 'There is such a till.');
    return showNewTill(call, { mistakes: { kkm: why } });
  }
  const outcome = await saveTill(infobase, kkm, readChange(form));
  if (!outcome.ok) return showNewTill(call, findTrouble(outcome, say, russianMistakes));
  return goTo('shops', say(`Касса «${kkm}» добавлена.`, `Till "${kkm}" was added.`));
}

async function showTill(call: PageCall, till: Till, given = till, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, say, base, isAdmin } = call;
  const shops = await listShops(infobase);
  const shop = shops.find(({ code }) => code === till.shopCode)?.name;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: till.kkm,
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Магазин', 'Shop'), value: shop ?? say('нет', 'none') },
            {
              title: say('Синхронизация', 'Synchronization'),
              value: till.isSynced ? say('участвует', 'takes part') : say('нет', 'no'),
            },
          ]}
        />
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <TillForm {...{ call, action: tillPath(till.kkm), isNew: false, till: given, shops }} {...trouble} />
            <p class="actions">
              <a href={`${base}/${tillPath(till.kkm)}/remove`}>{say('Удалить кассу', 'Remove the till')}</a>
            </p>
          </>
        )}
      </>
    ),
  };
}

async function changeTill(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const till = await getTill(call);
  const change = readChange(form);
  const outcome = await saveTill(infobase, till.kkm, change);
  if (!outcome.ok) return showTill(call, till, { ...till, ...change }, findTrouble(outcome, say, russianMistakes));
  return goTo('shops', say(`Касса «${till.kkm}» записана.`, `Till "${till.kkm}" was saved.`));
}

async function askRemoval(call: PageCall): Promise<PageReply> {
  const { say } = call;
  const { kkm } = await getTill(call);
  return {
    kind: 'page',
    title: say(`Удалить кассу «${kkm}»`, `Remove till "${kkm}"`),
    crumbs: [...crumbsOf(say), { title: kkm, path: tillPath(kkm) }],
    body: (
      <Question
        call={call}
        action={`${tillPath(kkm)}/remove`}
        back={tillPath(kkm)}
        button={say('Удалить кассу', 'Remove the till')}
      >
        <p>
          {say(
            'Касса уйдёт из справочника, но обслуживаться будет: у её новых документов не будет магазина. Прежние ' +
              'документы остаются как есть.',
            'The till leaves the catalog and is still served: its new documents have no shop. Earlier ones stay.',
          )}
        </p>
      </Question>
    ),
  };
}

async function takeAway(call: PageCall): Promise<PageReply> {
  const { infobase, say } = call;
  const { kkm } = await getTill(call);
  await removeTill(infobase, kkm);
  return goTo('shops', say(`Касса «${kkm}» удалена из справочника.`, `Till "${kkm}" was removed.`));
}
