// The form of a rule of life, with the example of an accrual of today.
import { formatDelay, formatLife, parseDelay, parseLife, type LifeRule } from '../../ledger/life-rule.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { LifeRuleChange } from '../../operations/catalogs/save-life-rule.ts';
import type { FormTrouble } from '../form-trouble.ts';
import type { PageCall } from '../page.ts';
import { FormProblem, InputField, PostForm, SelectField, type FieldMistakes } from '../parts/form.tsx';
import type { Say } from '../say.ts';
import { explainTerm, nameRegister } from './life-words.ts';

const ruleFields = ['code', 'name', 'register', 'delay', 'life', 'lifeFrom'] as const;

export type RuleTexts = Readonly<Record<(typeof ruleFields)[number], string>>;

export function readTexts(form: URLSearchParams): RuleTexts {
  return Object.fromEntries(ruleFields.map((field) => [field, (form.get(field) ?? '').trim()] as const)) as RuleTexts;
}

export function typeRule({ code, name, register, delay, life, lifeFrom }: LifeRule): RuleTexts {
  return { code, name, register, delay: formatDelay(delay), life: formatLife(life), lifeFrom };
}

export type ReadRule =
  { readonly ok: true; readonly change: LifeRuleChange } | { readonly ok: false; readonly mistakes: FieldMistakes };

export function readRule(texts: RuleTexts, say: Say): ReadRule {
  const mistakes: Record<string, string> = {};
  if (texts.code === '') mistakes.code = say('Укажите код.', 'Enter a code.');
  if (texts.name === '') mistakes.name = say('Укажите наименование.', 'Enter a name.');
  const life = parseLife(texts.life);
  if (life === undefined) {
    mistakes.life = say('Ожидается срок, например days:20 или end_of_month:0.', 'Expected one such as days:20.');
  }
  const delay = parseDelay(texts.delay === '' ? 'none' : texts.delay);
  if (delay === undefined) {
    mistakes.delay = say('Ожидается none, days:14, months:1 или next_month.', 'Expected one such as none or days:14.');
  }
  if (life === undefined || delay === undefined || Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  const register = texts.register === 'accumulation' ? 'accumulation' : 'bonus';
  const lifeFrom = texts.lifeFrom === 'operation' ? 'operation' : 'credit';
  return { ok: true, change: { code: texts.code, name: texts.name, register, delay, life, lifeFrom } };
}

interface RuleFormProps extends FormTrouble {
  readonly call: PageCall;
  /** Under the infobase's address. */
  readonly action: string;
  readonly texts: RuleTexts;
  readonly isNew: boolean;
}

const lives = [
  'unlimited',
  'days:20',
  'months:6',
  'years:1',
  'end_of_month:0',
  'end_of_quarter:0',
  'end_of_year:0',
  'fixed_date:2030-01-01',
];
const delays = ['none', 'days:14', 'months:1', 'next_month'];

export function RuleForm({ call, action, texts, isNew, mistakes, problem }: RuleFormProps) {
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
      <InputField name="name" label={say('Наименование', 'Name')} value={texts.name} isRequired mistakes={mistakes} />
      <SelectField
        name="register"
        label={say('Регистр', 'Register')}
        value={texts.register}
        choices={(['bonus', 'accumulation'] as const).map((value) => ({ value, title: nameRegister(value, say) }))}
        mistakes={mistakes}
      />
      <TermFields {...{ call, texts, mistakes }} />
      <Example call={call} texts={texts} />
      <p class="actions">
        <button type="submit">{isNew ? say('Создать правило', 'Make the rule') : say('Записать', 'Save')}</button>
        <a href={`${base}/rules`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

interface TermProps {
  readonly call: PageCall;
  readonly texts: RuleTexts;
  readonly mistakes: FieldMistakes | undefined;
}

/** What is typed here shows its example at once. */
function TermFields({ call: { say, base }, texts, mistakes }: TermProps) {
  return (
    <div
      class="stack"
      hx-get={`${base}/rules/example`}
      hx-trigger="input delay:200ms"
      hx-include="#f-life, #f-delay, #f-lifeFrom"
      hx-target="#example"
      hx-select="#example"
      hx-swap="outerHTML"
      hx-sync="this:replace"
    >
      <InputField
        name="life"
        label={say('Срок жизни', 'Life')}
        hint={say(
          `Как в команде kkm rules: ${lives.join(', ')}. В дату списания остаток сгорает, тратить можно до дня перед ней.`,
          `As kkm rules takes it: ${lives.join(', ')}. It can be spent up to the day before the write-off date.`,
        )}
        value={texts.life}
        isRequired
        mistakes={mistakes}
      />
      <InputField
        name="delay"
        label={say('Задержка зачисления', 'Delay')}
        hint={delays.join(', ')}
        value={texts.delay}
        mistakes={mistakes}
      />
      <SelectField
        name="lifeFrom"
        label={say('Срок отсчитывается', 'Life is counted')}
        value={texts.lifeFrom}
        choices={[
          { value: 'credit', title: say('от даты зачисления', 'from the credit date') },
          { value: 'operation', title: say('от даты операции', 'from the date of the operation') },
        ]}
        mistakes={mistakes}
      />
    </div>
  );
}

/** Also a page of its own, of which the form takes this part. */
export function Example({ call: { say, now }, texts }: { readonly call: PageCall; readonly texts: RuleTexts }) {
  const life = parseLife(texts.life);
  const delay = parseDelay(texts.delay === '' ? 'none' : texts.delay);
  const lifeFrom = texts.lifeFrom === 'operation' ? 'operation' : 'credit';
  return (
    <p id="example" class="hint" role="status">
      {life === undefined || delay === undefined
        ? say('Пример появится, когда указан срок.', 'An example is shown once the life is given.')
        : explainTerm({ life, delay, lifeFrom }, dateOf(now), say)}
    </p>
  );
}
