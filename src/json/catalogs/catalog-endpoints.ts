// The catalogs: card kinds and rules of life.
import { z } from 'zod';
import type { CardKind } from '../../ledger/card.ts';
import type { CatalogOptions } from '../../operations/catalogs/catalog-guard.ts';
import { listCardKinds, type CountedCardKind } from '../../operations/catalogs/list-card-kinds.ts';
import { listLifeRules, type ChosenLifeRule } from '../../operations/catalogs/list-life-rules.ts';
import { removeCardKind } from '../../operations/catalogs/remove-card-kind.ts';
import { removeLifeRule } from '../../operations/catalogs/remove-life-rule.ts';
import { saveCardKind } from '../../operations/catalogs/save-card-kind.ts';
import { saveLifeRule } from '../../operations/catalogs/save-life-rule.ts';
import * as examples from './catalog-examples.ts';
import {
  cardKind,
  cardKindChange,
  cardKinds,
  lifeRule,
  lifeRuleChange,
  lifeRules,
  showCardKind,
  showLifeRule,
} from './catalog-schemas.ts';
import { isTagIn, writeTag } from '../catalog-tag.ts';
import { defineEndpoint, type Endpoint, type GuardedInput } from '../endpoint.ts';
import { refuseHttp, refuseOperation, type JsonRefusal } from '../json-refusal.ts';
import { notEmpty } from '../scalars.ts';

const code = z.strictObject({ code: notEmpty.meta({ description: 'Код в каталоге' }) });
const read = { tag: 'Каталоги', roles: ['admin', 'auditor'], gate: 'door', statuses: [], hasTag: true } as const;
const write = { tag: 'Каталоги', roles: ['admin'], gate: 'door', takesTag: true } as const;

/** Whether the kinds are what the caller has seen. */
function guardKinds({ ifMatch }: GuardedInput): CatalogOptions<CountedCardKind> {
  return ifMatch === undefined ? {} : { isExpected: (kinds) => isTagIn(writeTag(listKinds(kinds)), ifMatch) };
}

function guardRules({ ifMatch }: GuardedInput): CatalogOptions<ChosenLifeRule> {
  return ifMatch === undefined ? {} : { isExpected: (rules) => isTagIn(writeTag(listRules(rules)), ifMatch) };
}

const listKinds = (kinds: readonly CountedCardKind[]) => ({ kinds: kinds.map(showCardKind) });
const listRules = (rules: readonly ChosenLifeRule[]) => ({ rules: rules.map(showLifeRule) });

function refuseChanged(): JsonRefusal {
  return refuseHttp(412, 'Каталог изменился с тех пор, как вы его видели: прочитайте его снова');
}

export const catalogEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    name: 'listCardKinds',
    method: 'GET',
    path: 'kinds',
    summary: 'Виды карт',
    input: {},
    reply: cardKinds,
    examples: examples.listCardKinds,
    answer: async ({ infobase }) => ({ body: listKinds(await listCardKinds(infobase)) }),
  }),
  defineEndpoint({
    ...write,
    name: 'saveCardKind',
    method: 'PUT',
    path: 'kinds/{code}',
    summary: 'Создать или изменить вид карт',
    statuses: [200, 201],
    input: { path: code, body: cardKindChange },
    reply: cardKind,
    examples: examples.saveCardKind,
    answer: async ({ infobase }, { ifMatch, ...input }) => {
      const { maxRedeemPercent, accrualPercent, bonusRule, accumulationRule, ...change } = input;
      const wanted = {
        ...withoutUndefined(change),
        code: change.code,
        ...withoutUndefined({
          maxRedeemPercentHundredths: maxRedeemPercent,
          accrualPercentHundredths: accrualPercent,
          bonusRuleCode: bonusRule,
          accumulationRuleCode: accumulationRule,
        }),
      };
      const outcome = await saveCardKind(infobase, wanted, guardKinds({ ifMatch }));
      if (!outcome.ok && outcome.sort === 'changed') throw refuseChanged();
      if (!outcome.ok) throw refuseOperation(outcome, kindFields);
      const [saved] = (await listCardKinds(infobase)).filter((kind) => kind.code === change.code);
      if (saved === undefined) throw refuseHttp(404, `Вида карт ${change.code} больше нет`);
      return { status: outcome.isNew ? 201 : 200, body: showCardKind(saved) };
    },
  }),
  defineEndpoint({
    ...write,
    name: 'removeCardKind',
    method: 'DELETE',
    path: 'kinds/{code}',
    summary: 'Удалить вид карт',
    statuses: [204, 404, 409],
    input: { path: code },
    reply: undefined,
    examples: examples.removeCardKind,
    answer: async ({ infobase }, input) => {
      const outcome = await removeCardKind(infobase, input.code, guardKinds(input));
      if (outcome.sort === 'changed') throw refuseChanged();
      if (outcome.sort === 'unknown') throw refuseHttp(404, `Вида карт ${input.code} нет`);
      if (outcome.sort === 'used') throw refuseHttp(409, `Вид карт ${input.code} не удалён: его карт ${outcome.cards}`);
      return { status: 204 };
    },
  }),
  defineEndpoint({
    ...read,
    name: 'listLifeRules',
    method: 'GET',
    path: 'rules',
    summary: 'Правила жизни',
    input: {},
    reply: lifeRules,
    examples: examples.listLifeRules,
    answer: async ({ infobase }) => ({ body: listRules(await listLifeRules(infobase)) }),
  }),
  defineEndpoint({
    ...write,
    name: 'saveLifeRule',
    method: 'PUT',
    path: 'rules/{code}',
    summary: 'Создать или изменить правило жизни',
    description: 'Сроки уже сделанных начислений не меняются.',
    statuses: [200, 201],
    input: { path: code, body: lifeRuleChange },
    reply: lifeRule,
    examples: examples.saveLifeRule,
    answer: async ({ infobase, now }, { ifMatch, ...change }) => {
      const wanted = { ...withoutUndefined(change), code: change.code };
      const outcome = await saveLifeRule(infobase, now, wanted, guardRules({ ifMatch }));
      if (!outcome.ok && outcome.sort === 'changed') throw refuseChanged();
      if (!outcome.ok) throw refuseOperation(outcome);
      const { isNew, rule, kinds } = outcome;
      return { status: isNew ? 201 : 200, body: showLifeRule({ ...rule, kinds }) };
    },
  }),
  defineEndpoint({
    ...write,
    name: 'removeLifeRule',
    method: 'DELETE',
    path: 'rules/{code}',
    summary: 'Удалить правило жизни',
    statuses: [204, 404, 409],
    input: { path: code },
    reply: undefined,
    examples: examples.removeLifeRule,
    answer: async ({ infobase }, input) => {
      const outcome = await removeLifeRule(infobase, input.code, guardRules(input));
      if (outcome.sort === 'changed') throw refuseChanged();
      if (outcome.sort === 'unknown') throw refuseHttp(404, `Правила жизни ${input.code} нет`);
      if (outcome.sort === 'used') {
        const kinds = outcome.kinds.join(', ');
        throw refuseHttp(409, `Правило жизни ${input.code} не удалено: его выбрали виды карт ${kinds}`);
      }
      return { status: 204 };
    },
  }),
];

/** What the service calls the fields of a card kind. */
const kindFields: Partial<Record<keyof CardKind, string>> = {
  maxRedeemPercentHundredths: 'maxRedeemPercent',
  accrualPercentHundredths: 'accrualPercent',
  bonusRuleCode: 'bonusRule',
  accumulationRuleCode: 'accumulationRule',
};

type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

/** A field that was not sent stays as it is; one that is there without a value would take it away. */
function withoutUndefined<T extends object>(change: T): Given<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Given<T>;
}
