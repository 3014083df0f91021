// What stands at the top of every page of a card: its terms, its three balances, its discount, and the pages about it.
import type { ComponentChildren } from 'preact';
import { findNextDiscount } from '../../ledger/discount.ts';
import type { ShownCard } from '../../operations/cards/show-card.ts';
import type { PageCall } from '../page.ts';
import { Facts, Tiles } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoney, showPercent } from '../show.ts';
import { showTerm } from './cards-page.tsx';
import { StatusBadge } from './status-badge.tsx';
import { cardAddress } from '../parts/card-link.tsx';

export const cardTabs = ['', 'receipts', 'holds', 'why'] as const;
export type CardTab = (typeof cardTabs)[number];

interface CardHeadProps {
  readonly call: PageCall;
  readonly shown: ShownCard;
  readonly tab: CardTab;
  readonly children?: ComponentChildren;
}

export function CardHead({ call, shown, tab, children }: CardHeadProps) {
  const { say, base, isAdmin } = call;
  const { card, kind } = shown;
  const address = cardAddress(base, card.number);
  return (
    <>
      <Facts
        facts={[
          { title: say('Вид карты', 'Card kind'), value: kind.name },
          { title: say('Статус', 'Status'), value: <StatusBadge status={card.status} say={say} /> },
          { title: say('Держатель', 'Holder'), value: card.holder ?? '\u2014' },
          { title: say('Действует', 'Valid'), value: showTerm(card) || say('без срока', 'without dates') },
          ...(card.note === null ? [] : [{ title: say('Примечание', 'Note'), value: card.note }]),
        ]}
      />
      <Balances say={say} shown={shown} />
      {isAdmin && (
        <p class="actions">
          <a class="button second" href={`${address}/edit`}>
            {say('Изменить карту', 'Change the card')}
          </a>
          <a class="button second" href={`${address}/accrue`}>
            {say('Начислить', 'Accrue')}
          </a>
          <a class="button second" href={`${address}/write-off`}>
            {say('Списать', 'Write off')}
          </a>
        </p>
      )}
      {children}
      <nav class="tabs" aria-label={say('О карте', 'About the card')}>
        {cardTabs.map((one) => (
          <a href={one === '' ? address : `${address}/${one}`} aria-current={one === tab ? 'page' : undefined}>
            {nameTab(one, say)}
          </a>
        ))}
      </nav>
    </>
  );
}

function nameTab(tab: CardTab, say: Say): string {
  switch (tab) {
    case '':
      return say('История', 'History');
    case 'receipts':
      return say('Чеки', 'Receipts');
    case 'holds':
      return say('Резервы', 'Holds');
    case 'why':
      return say('Почему такой остаток', 'Why this balance');
  }
}

function Balances({ say, shown }: { readonly say: Say; readonly shown: ShownCard }) {
  const { balances, available, holds, outlook, discountPercentHundredths } = shown;
  const held = holds.reduce((sum, { amount }) => sum + amount, 0);
  const pending = (outlook?.pending ?? []).reduce(
    (sum, { measure, amount }) => (measure === 'bonus' ? sum + amount : sum),
    0,
  );
  const more = [
    `${say('доступно', 'available')}: ${showMoney(available ?? 0)}`,
    ...(held === 0 ? [] : [`${say('в резерве', 'held')}: ${showMoney(held)}`]),
    ...(pending === 0 ? [] : [`${say('начислится', 'pending')}: ${showMoney(pending)}`]),
  ];
  return (
    <Tiles
      tiles={[
        { title: say('Сумма бонусов', 'Bonus'), figure: showMoney(balances.bonus), more: more.join(', ') },
        { title: say('Сумма накопления', 'Accumulation sum'), figure: showMoney(balances.accumulation) },
        { title: say('Количество чеков', 'Receipts'), figure: showCount(balances.receipts) },
        {
          title: say('Скидка сейчас', 'Discount now'),
          figure: showPercent(discountPercentHundredths),
          more: wordNextStep(say, shown),
        },
      ]}
    />
  );
}

function wordNextStep(say: Say, { kind, balances }: ShownCard): string | undefined {
  const next = findNextDiscount(kind.discount, balances);
  if (next === undefined) return undefined;
  const { missingAccumulationKopecks: sum, missingReceipts: receipts } = next;
  const missing = [
    ...(sum === 0 ? [] : [say(`накопить ${showMoney(sum)}`, `${showMoney(sum)} of accumulation`)]),
    ...(receipts === 0 ? [] : [say(`чеков: ${showCount(receipts)}`, `${showCount(receipts)} receipts`)]),
  ].join(say(' и ', ' and '));
  return say(
    `до ${showPercent(next.percentHundredths)}: ${missing}`,
    `to ${showPercent(next.percentHundredths)}: ${missing}`,
  );
}
