// One card: what it has, what burns when, its history, its receipts, its holds, and why it has what it has.
import { lookAhead } from '../../operations/cards/explain-card.ts';
import { listReceipts } from '../../operations/receipts/list-receipts.ts';
import type { Page, PageCall, ShownPage } from '../page.ts';
import { NextPage } from '../parts/next-page.tsx';
import { Table } from '../parts/table.tsx';
import { ReceiptTable } from '../receipts/receipt-table.tsx';
import { showCount, showMoment, showMoney } from '../show.ts';
import { BurnTimeline } from './burn-timeline.tsx';
import { cardCrumbs } from './card-crumbs.ts';
import { CardHead } from './card-head.tsx';
import { loadCard, loadExplanation, rowsShown } from './load-card.ts';
import { MovementTable } from './movement-table.tsx';

export const cardPages: readonly Page[] = [
  { method: 'GET', path: 'cards/:number', answer: showHistory },
  { method: 'GET', path: 'cards/:number/receipts', answer: showReceipts },
  { method: 'GET', path: 'cards/:number/holds', answer: showHolds },
  { method: 'GET', path: 'cards/:number/why', answer: showWhy },
];

function lay(call: PageCall, body: ShownPage['body']): ShownPage {
  const { say, params } = call;
  return { kind: 'page', title: `${say('Карта', 'Card')} ${params.number ?? ''}`, body, crumbs: cardCrumbs(call) };
}

async function showHistory(call: PageCall) {
  const { say, base } = call;
  const shown = await loadCard(call);
  const { outlook } = shown;
  return lay(
    call,
    <>
      <CardHead call={call} shown={shown} tab="">
        {outlook !== null && <BurnTimeline say={say} ahead={lookAhead(outlook)} />}
      </CardHead>
      <MovementTable
        say={say}
        base={base}
        caption={say('Последние движения, новые сверху', 'The latest movements, the newest first')}
        rows={shown.movements}
      />
      {shown.movements.length === rowsShown && (
        <p class="hint">
          {say(`Показаны последние ${rowsShown}.`, `The latest ${rowsShown} are shown.`)}{' '}
          <a href={`${base}/documents?card=${encodeURIComponent(shown.card.number)}`}>
            {say('Все документы карты', 'All documents of the card')}
          </a>
        </p>
      )}
    </>,
  );
}

async function showReceipts(call: PageCall) {
  const { infobase, query } = call;
  const shown = await loadCard(call);
  const filter = { cardNumber: shown.card.number, kkm: null, shiftNumber: null, from: null, to: null };
  const before = Number(query.get('after') ?? '') || null;
  const { rows, next } = await listReceipts(infobase, filter, { limit: 50, before });
  return lay(
    call,
    <>
      <CardHead call={call} shown={shown} tab="receipts" />
      <ReceiptTable call={call} receipts={rows} />
      <NextPage call={call} after={next} />
    </>,
  );
}

async function showHolds(call: PageCall) {
  const { say } = call;
  const shown = await loadCard(call);
  return lay(
    call,
    <>
      <CardHead call={call} shown={shown} tab="holds" />
      <Table
        caption={say('Отложено для чеков, которые ещё не пробиты', 'Set aside for receipts that are not printed yet')}
        columns={[
          { title: say('Касса', 'Till'), show: ({ kkm }) => kkm, isHead: true },
          { title: say('Смена', 'Shift'), show: ({ shiftNumber }) => shiftNumber, isNumber: true },
          { title: say('Чек', 'Receipt'), show: ({ receiptNumber }) => receiptNumber, isNumber: true },
          { title: say('Сумма', 'Sum'), show: ({ amount }) => showMoney(amount), isNumber: true },
          { title: say('До', 'Until'), show: ({ expiresAt }) => showMoment(expiresAt) },
        ]}
        rows={shown.holds}
        none={say('Резервов нет.', 'Nothing is held.')}
      />
    </>,
  );
}

async function showWhy(call: PageCall) {
  const { say, base } = call;
  const { shown, explanation } = await loadExplanation(call);
  const { rows, earlier, addsUp, register } = explanation;
  return lay(
    call,
    <>
      <CardHead call={call} shown={shown} tab="why" />
      <p class={`notice ${addsUp ? 'done' : 'problem'}`}>
        <strong>{addsUp ? say('Сходится.', 'It adds up.') : say('Не сходится.', 'It does not add up.')}</strong>{' '}
        {addsUp
          ? say('Сумма всех строк регистра равна остатку карты.', 'All rows of the register add up to the balance.')
          : say(
              'Сумма строк регистра не равна остатку. Запустите kkm verify.',
              'The rows of the register do not add up to the balance. Run kkm verify.',
            )}
      </p>
      <p class="hint">
        {register === 'billing'
          ? say('Регистр биллинга «Остатки».', 'The balance register of billing.')
          : say('Регистр «Накопления».', 'The accumulation register.')}
      </p>
      <MovementTable
        say={say}
        base={base}
        caption={say(
          'Строки, из которых состоит остаток, новые сверху',
          'The rows that make the balance, the newest first',
        )}
        rows={rows}
      />
      {earlier !== null && (
        <p>
          {say('Более ранних строк', 'Earlier rows')}: {showCount(earlier.count)}; {say('бонусы', 'bonus')}{' '}
          {showMoney(earlier.bonus)}, {say('накопление', 'accumulation')} {showMoney(earlier.accumulation)},{' '}
          {say('чеки', 'receipts')} {showCount(earlier.receipts)}
        </p>
      )}
    </>,
  );
}
