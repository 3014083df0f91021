// The form of a card kind: its fields, and what was typed as a change of the kind.
import { cardPurposes, type CardKind, type CardPurpose } from '../../ledger/card.ts';
import type { DiscountScheme } from '../../ledger/discount.ts';
import type { ChosenLifeRule } from '../../operations/catalogs/list-life-rules.ts';
import type { CardKindChange } from '../../operations/catalogs/save-card-kind.ts';
import type { LifeRegister } from '../../ledger/life-rule.ts';
import type { FormTrouble } from '../form-trouble.ts';
import type { PageCall } from '../page.ts';
import {
  FormProblem,
  InputField,
  PostForm,
  SelectField,
  TextAreaField,
  type Choice,
  type FieldMistakes,
} from '../parts/form.tsx';
import type { Say } from '../say.ts';
import { readPercentText, readSteps, typePercent, typeSteps } from './read-steps.ts';

/** What stands in the fields. */
export type KindTexts = Readonly<Record<KindField, string>>;

const kindFields = [
  'code',
  'name',
  'purpose',
  'discount',
  'fixedPercent',
  'steps',
  'maxRedeemPercentHundredths',
  'accrualPercentHundredths',
  'bonusRuleCode',
  'accumulationRuleCode',
] as const;
type KindField = (typeof kindFields)[number];

export function readTexts(form: URLSearchParams): KindTexts {
  const texts = kindFields.map((field) => [field, (form.get(field) ?? '').trim()] as const);
  return Object.fromEntries(texts) as KindTexts;
}

export function typeKind(kind: CardKind): KindTexts {
  const { code, name, purpose, discount, maxRedeemPercentHundredths: redeem, accrualPercentHundredths: accrual } = kind;
  return {
    code,
    name,
    purpose,
    discount: discount.sort,
    fixedPercent: discount.sort === 'fixed' ? typePercent(discount.percentHundredths) : '',
    steps: discount.sort === 'scale' ? typeSteps(discount.steps) : '',
    maxRedeemPercentHundredths: redeem === null ? '' : typePercent(redeem),
    accrualPercentHundredths: accrual === null ? '' : typePercent(accrual),
    bonusRuleCode: kind.bonusRuleCode ?? '',
    accumulationRuleCode: kind.accumulationRuleCode ?? '',
  };
}

export type ReadKind =
  { readonly ok: true; readonly change: CardKindChange } | { readonly ok: false; readonly mistakes: FieldMistakes };

export function readKind(texts: KindTexts, say: Say): ReadKind {
  const mistakes: Record<string, string> = {};
  const percent = say('Ожидается процент от 0 до 100, например 7,5.', 'Expected a percent from 0 to 100, such as 7.5.');
  const readShare = (field: 'maxRedeemPercentHundredths' | 'accrualPercentHundredths'): number | null => {
    if (texts[field] === '') return null;
    const hundredths = readPercentText(texts[field]);
    if (hundredths === undefined) mistakes[field] = percent;
    return hundredths ?? null;
  };
  if (texts.code === '') mistakes.code = say('Укажите код.', 'Enter a code.');
  if (texts.name === '') mistakes.name = say('Укажите наименование.', 'Enter a name.');
  const discount = readDiscount(texts, say, mistakes, percent);
  const change: CardKindChange = {
    code: texts.code,
    name: texts.name,
    purpose: cardPurposes.find((purpose) => purpose === texts.purpose) ?? 'discount',
    discount,
    maxRedeemPercentHundredths: readShare('maxRedeemPercentHundredths'),
    accrualPercentHundredths: readShare('accrualPercentHundredths'),
    bonusRuleCode: texts.bonusRuleCode || null,
    accumulationRuleCode: texts.accumulationRuleCode || null,
  };
  return Object.keys(mistakes).length === 0 ? { ok: true, change } : { ok: false, mistakes };
}

function readDiscount(
  { discount, fixedPercent, steps }: KindTexts,
  say: Say,
  mistakes: Record<string, string>,
  percent: string,
): DiscountScheme {
  if (discount === 'fixed') {
    const percentHundredths = readPercentText(fixedPercent);
    if (percentHundredths !== undefined) return { sort: 'fixed', percentHundredths };
    mistakes.fixedPercent = percent;
  }
  if (discount === 'scale') {
    const read = readSteps(steps, say);
    if (read.ok) return { sort: 'scale', steps: read.steps };
    mistakes.steps = read.why;
  }
  return { sort: 'none' };
}

export function namePurpose(purpose: CardPurpose, say: Say): string {
  return purpose === 'discount' ? say('дисконтная', 'discount') : say('платёжная', 'payment');
}

interface KindFormProps extends FormTrouble {
  readonly call: PageCall;
  /** Under the infobase's address. */
  readonly action: string;
  readonly texts: KindTexts;
  readonly isNew: boolean;
  readonly rules: readonly ChosenLifeRule[];
}

export function KindForm({ call, action, texts, isNew, rules, mistakes, problem }: KindFormProps) {
  const { say, base, token } = call;
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      <FormProblem text={problem} />
      {isNew && (
        <InputField
          name="code"
          label={say('Код', 'Code')}
          hint={say('Буквы, цифры, «.», «_» и «-», до 50 знаков.', 'Letters, digits, ".", "_" and "-", up to 50.')}
          value={texts.code}
          isRequired
          mistakes={mistakes}
        />
      )}
      <InputField
        name="name"
        label={say('Наименование', 'Name')}
        hint={say('Его видит кассир.', 'Cashiers see it.')}
        value={texts.name}
        isRequired
        mistakes={mistakes}
      />
      <SelectField
        name="purpose"
        label={say('Назначение', 'Purpose')}
        hint={say(
          'Платёжная карта хранит внесённые деньги и не накапливает. Изменение действует на следующие чеки.',
          'A payment card holds money that was paid in and does not accrue. A change is for later receipts.',
        )}
        value={texts.purpose}
        choices={cardPurposes.map((purpose) => ({ value: purpose, title: namePurpose(purpose, say) }))}
        mistakes={mistakes}
      />
      <DiscountFields {...{ say, texts, mistakes }} />
      <ShareFields {...{ say, texts, mistakes }} />
      <div class="row">
        <SelectField
          name="bonusRuleCode"
          label={say('Правило жизни бонусов', 'Rule of life of bonus')}
          value={texts.bonusRuleCode}
          choices={listChoices(rules, 'bonus', say)}
          mistakes={mistakes}
        />
        <SelectField
          name="accumulationRuleCode"
          label={say('Правило жизни накоплений и чеков', 'Rule of life of accumulation and receipts')}
          value={texts.accumulationRuleCode}
          choices={listChoices(rules, 'accumulation', say)}
          mistakes={mistakes}
        />
      </div>
      <p class="actions">
        <button type="submit">{isNew ? say('Создать вид карт', 'Make the kind') : say('Записать', 'Save')}</button>
        <a href={`${base}/kinds`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

interface PartProps {
  readonly say: Say;
  readonly texts: KindTexts;
  readonly mistakes: FieldMistakes | undefined;
}

function DiscountFields({ say, texts, mistakes }: PartProps) {
  return (
    <>
      <div class="row">
        <SelectField
          name="discount"
          label={say('Скидка', 'Discount')}
          value={texts.discount}
          choices={[
            { value: 'none', title: say('нет', 'none') },
            { value: 'fixed', title: say('постоянный процент', 'fixed percent') },
            { value: 'scale', title: say('шкала', 'scale') },
          ]}
          mistakes={mistakes}
        />
        <InputField
          name="fixedPercent"
          label={say('Постоянный процент', 'Fixed percent')}
          value={texts.fixedPercent}
          inputMode="decimal"
          mistakes={mistakes}
        />
      </div>
      <TextAreaField
        name="steps"
        label={say('Ступени шкалы', 'Steps of the scale')}
        hint={say(
          'В строке: сумма накопления; количество чеков; процент. Например «10000; 0; 7». Можно вставить из таблицы. ' +
            'Ступень достигнута, когда достигнуты оба порога; действует лучшая.',
          'A line has: accumulation sum; receipt count; percent, such as "10000; 0; 7". A paste from a spreadsheet is ' +
            'taken. A step counts when both thresholds are reached; the best one is taken.',
        )}
        value={texts.steps}
        mistakes={mistakes}
      />
    </>
  );
}

function ShareFields({ say, texts, mistakes }: PartProps) {
  return (
    <div class="row">
      <InputField
        name="maxRedeemPercentHundredths"
        label={say('Наибольшая доля оплаты бонусами, %', 'Largest share paid by bonus, %')}
        hint={say('Пусто: не ограничена.', 'Empty: no limit is sent.')}
        value={texts.maxRedeemPercentHundredths}
        inputMode="decimal"
        mistakes={mistakes}
      />
      <InputField
        name="accrualPercentHundredths"
        label={say('Процент начисления бонусов', 'Accrual percent')}
        hint={say('Передаётся кассе.', 'Sent to the till.')}
        value={texts.accrualPercentHundredths}
        inputMode="decimal"
        mistakes={mistakes}
      />
    </div>
  );
}

function listChoices(rules: readonly ChosenLifeRule[], wanted: LifeRegister, say: Say): readonly Choice[] {
  return [
    { value: '', title: say('без правила: сразу и бессрочно', 'none: at once and without end') },
    ...rules.filter(({ register }) => register === wanted).map(({ code, name }) => ({ value: code, title: name })),
  ];
}
