// Card kinds: the list, one kind with its terms and scale, making, changing, removing.
import type { DiscountScheme } from '../../ledger/discount.ts';
import { listCardKinds, type CountedCardKind } from '../../operations/catalogs/list-card-kinds.ts';
import { listLifeRules } from '../../operations/catalogs/list-life-rules.ts';
import { removeCardKind } from '../../operations/catalogs/remove-card-kind.ts';
import { saveCardKind } from '../../operations/catalogs/save-card-kind.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { Question } from '../parts/question.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoney, showPercent } from '../show.ts';
import { KindForm, namePurpose, readKind, readTexts, typeKind, type KindTexts } from './kind-form.tsx';

export const kindsPages: readonly Page[] = [
  { method: 'GET', path: 'kinds', answer: showKinds },
  { method: 'GET', path: 'kinds/new', roles: ['admin'], answer: (call) => showNewKind(call, noTexts) },
  { method: 'POST', path: 'kinds/new', answer: makeKind },
  { method: 'GET', path: 'kinds/code/:code', answer: async (call) => showKind(call, await getKind(call)) },
  { method: 'POST', path: 'kinds/code/:code', answer: changeKind },
  { method: 'GET', path: 'kinds/code/:code/remove', roles: ['admin'], answer: askRemoval },
  { method: 'POST', path: 'kinds/code/:code/remove', answer: removeKind },
];

const noTexts: KindTexts = readTexts(new URLSearchParams({ purpose: 'discount', discount: 'none' }));

const title = (say: Say): string => say('Виды карт', 'Card kinds');
const crumbsOf = (say: Say) => [{ title: title(say), path: 'kinds' }];
const pathOf = (code: string): string => `kinds/code/${encodeURIComponent(code)}`;

async function getKind({ infobase, params, say }: PageCall): Promise<CountedCardKind> {
  const found = (await listCardKinds(infobase)).find(({ code }) => code === params.code);
  if (found === undefined) throw new NotFound(say(`Вида карт «${params.code}» нет.`, `No card kind "${params.code}".`));
  return found;
}

async function showKinds({ infobase, say, base, isAdmin }: PageCall): Promise<PageReply> {
  return {
    kind: 'page',
    title: title(say),
    body: (
      <>
        {isAdmin && (
          <p class="actions">
            <a class="button" href={`${base}/kinds/new`}>
              {say('Новый вид карт', 'New card kind')}
            </a>
          </p>
        )}
        <Table
          caption={say('Виды карт и их условия', 'Card kinds and their terms')}
          columns={[
            {
              title: say('Наименование', 'Name'),
              show: ({ code, name }) => <a href={`${base}/${pathOf(code)}`}>{name}</a>,
              isHead: true,
            },
            { title: say('Код', 'Code'), show: ({ code }) => code },
            { title: say('Назначение', 'Purpose'), show: ({ purpose }) => namePurpose(purpose, say) },
            { title: say('Скидка', 'Discount'), show: ({ discount }) => describeDiscount(discount, say) },
            {
              title: say('Оплата бонусами до', 'Paid by bonus up to'),
              show: (kind) => showShare(kind.maxRedeemPercentHundredths),
              isNumber: true,
            },
            {
              title: say('Начисление', 'Accrual'),
              show: (kind) => showShare(kind.accrualPercentHundredths),
              isNumber: true,
            },
            { title: say('Правила жизни', 'Rules of life'), show: (kind) => nameRules(kind, say) },
            {
              title: say('Карт', 'Cards'),
              show: ({ code, cards }) => (
                <a href={`${base}/cards?kind=${encodeURIComponent(code)}`}>{showCount(cards)}</a>
              ),
              isNumber: true,
            },
          ]}
          rows={await listCardKinds(infobase)}
          none={say('Видов карт ещё нет.', 'There are no card kinds yet.')}
        />
      </>
    ),
  };
}

function nameRules({ bonusRuleCode, accumulationRuleCode }: CountedCardKind, say: Say): string {
  const bonus = bonusRuleCode === null ? [] : [`${say('бонусы', 'bonus')} ${bonusRuleCode}`];
  const rest = accumulationRuleCode === null ? [] : [`${say('накопления', 'accumulation')} ${accumulationRuleCode}`];
  return [...bonus, ...rest].join(', ');
}

function showShare(hundredths: number | null): string {
  return hundredths === null ? '' : showPercent(hundredths);
}

function describeDiscount(discount: DiscountScheme, say: Say): string {
  switch (discount.sort) {
    case 'none':
      return say('нет', 'none');
    case 'fixed':
      return showPercent(discount.percentHundredths);
    case 'scale': {
      const percents = discount.steps.map(({ percentHundredths }) => percentHundredths);
      return `${say('шкала', 'scale')} ${showPercent(Math.min(...percents))}\u2013${showPercent(Math.max(...percents))}`;
    }
  }
}

async function showNewKind(call: PageCall, texts: KindTexts, trouble?: FormTrouble): Promise<PageReply> {
  const { say } = call;
  const rules = await listLifeRules(call.infobase);
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новый вид карт', 'New card kind'),
    crumbs: crumbsOf(say),
    body: <KindForm {...{ call, action: 'kinds/new', texts, isNew: true, rules }} {...trouble} />,
  };
}

async function makeKind(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const texts = readTexts(form);
  const read = readKind(texts, say);
  if (!read.ok) return showNewKind(call, texts, read);
  if ((await listCardKinds(infobase)).some(({ code }) => code === texts.code)) {
    const mistakes = { code: say('Вид карт с таким кодом уже есть.', 'There is a card kind with this code.') };
    return showNewKind(call, texts, { mistakes });
  }
  const outcome = await saveCardKind(infobase, read.change);
  if (!outcome.ok) return showNewKind(call, texts, findTrouble(outcome, say, russianMistakes));
  return goTo(pathOf(texts.code), say(`Вид карт «${texts.name}» создан.`, `Card kind "${texts.name}" was made.`));
}

const russianMistakes = {
  code: 'Код: от 1 до 50 букв, цифр, «.», «_» и «-»; начинается с буквы или цифры.',
  name: 'Наименование: от 1 до 100 знаков.',
  accrualPercentHundredths: 'У платёжной карты нет процента начисления.',
  bonusRuleCode: 'Такого правила жизни бонусов нет.',
  accumulationRuleCode: 'Такого правила жизни накоплений нет.',
};

async function showKind(
  call: PageCall,
  kind: CountedCardKind,
  texts = typeKind(kind),
  trouble?: FormTrouble,
): Promise<PageReply> {
  const { say, base, isAdmin } = call;
  const rules = await listLifeRules(call.infobase);
  const nameRule = (wanted: string | null): string =>
    rules.find(({ code }) => code === wanted)?.name ?? say('нет', 'none');
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: kind.name,
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Код', 'Code'), value: kind.code },
            { title: say('Назначение', 'Purpose'), value: namePurpose(kind.purpose, say) },
            { title: say('Скидка', 'Discount'), value: describeDiscount(kind.discount, say) },
            { title: say('Правило жизни бонусов', 'Rule of life of bonus'), value: nameRule(kind.bonusRuleCode) },
            {
              title: say('Правило жизни накоплений и чеков', 'Rule of life of accumulation and receipts'),
              value: nameRule(kind.accumulationRuleCode),
            },
            {
              title: say('Карт этого вида', 'Cards of this kind'),
              value: <a href={`${base}/cards?kind=${encodeURIComponent(kind.code)}`}>{showCount(kind.cards)}</a>,
            },
          ]}
        />
        <Scale say={say} discount={kind.discount} />
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <KindForm {...{ call, action: pathOf(kind.code), texts, isNew: false, rules }} {...trouble} />
            <p class="actions">
              <a href={`${base}/${pathOf(kind.code)}/remove`}>{say('Удалить вид карт', 'Remove the card kind')}</a>
            </p>
          </>
        )}
      </>
    ),
  };
}

function Scale({ say, discount }: { readonly say: Say; readonly discount: DiscountScheme }) {
  if (discount.sort !== 'scale') return null;
  return (
    <Table
      caption={say('Шкала скидки', 'Discount scale')}
      columns={[
        {
          title: say('Сумма накопления от', 'Accumulation sum from'),
          show: ({ accumulationKopecks }) => showMoney(accumulationKopecks),
          isNumber: true,
        },
        { title: say('Чеков от', 'Receipts from'), show: ({ receipts }) => showCount(receipts), isNumber: true },
        {
          title: say('Процент', 'Percent'),
          show: ({ percentHundredths }) => showPercent(percentHundredths),
          isNumber: true,
        },
      ]}
      rows={discount.steps}
      none=""
    />
  );
}

async function changeKind(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const kind = await getKind(call);
  const texts = { ...readTexts(form), code: kind.code };
  const read = readKind(texts, say);
  if (!read.ok) return showKind(call, kind, texts, read);
  const outcome = await saveCardKind(infobase, read.change);
  if (!outcome.ok) return showKind(call, kind, texts, findTrouble(outcome, say, russianMistakes));
  return goTo(pathOf(kind.code), say('Вид карт записан.', 'The card kind was saved.'));
}

function countCards(cards: number, say: Say): string {
  return say(`Карт этого вида: ${showCount(cards)}.`, `Cards of this kind: ${showCount(cards)}.`);
}

async function askRemoval(call: PageCall): Promise<PageReply> {
  const { say, base } = call;
  const { code, name, cards } = await getKind(call);
  const crumbs = [...crumbsOf(say), { title: name, path: pathOf(code) }];
  const heading = say(`Удалить вид карт «${name}»`, `Remove card kind "${name}"`);
  const link = `${base}/cards?kind=${encodeURIComponent(code)}`;
  const body =
    cards > 0 ? (
      <p class="notice warn">
        {countCards(cards, say)}{' '}
        {say('Вид удаляется, когда карт этого вида нет.', 'A kind is removed when it has no cards.')}{' '}
        <a href={link}>{say('Показать карты', 'Show the cards')}</a>
      </p>
    ) : (
      <Question
        call={call}
        action={`${pathOf(code)}/remove`}
        back={pathOf(code)}
        button={say('Удалить вид карт', 'Remove the card kind')}
      >
        <p>
          {countCards(cards, say)}{' '}
          {say('Будут удалены его условия и шкала скидки.', 'Its terms and discount scale are removed.')}
        </p>
      </Question>
    );
  return { kind: 'page', title: heading, crumbs, body };
}

async function removeKind(call: PageCall): Promise<PageReply> {
  const { infobase, say } = call;
  const { code, name } = await getKind(call);
  const outcome = await removeCardKind(infobase, code);
  // Cards were made meanwhile: the page says how many.
  if (outcome.sort === 'used') return { ...(await askRemoval(call)), status: 409 } as PageReply;
  return goTo('kinds', say(`Вид карт «${name}» удалён.`, `Card kind "${name}" was removed.`));
}
