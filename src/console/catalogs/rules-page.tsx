// Rules of life: the list with who uses them, one rule, making, changing, removing.
import { dateOf } from '../../ledger/local-date-time.ts';
import { listLifeRules, type ChosenLifeRule } from '../../operations/catalogs/list-life-rules.ts';
import { removeLifeRule } from '../../operations/catalogs/remove-life-rule.ts';
import { saveLifeRule } from '../../operations/catalogs/save-life-rule.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { Question } from '../parts/question.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { explainTerm, nameDelay, nameLife, nameRegister } from './life-words.ts';
import { Example, readRule, readTexts, RuleForm, typeRule, type RuleTexts } from './rule-form.tsx';

export const rulesPages: readonly Page[] = [
  { method: 'GET', path: 'rules', answer: showRules },
  { method: 'GET', path: 'rules/example', answer: showExample },
  { method: 'GET', path: 'rules/new', roles: ['admin'], answer: async (call) => showNewRule(call, noTexts) },
  { method: 'POST', path: 'rules/new', answer: makeRule },
  { method: 'GET', path: 'rules/code/:code', answer: async (call) => showRule(call, await getRule(call)) },
  { method: 'POST', path: 'rules/code/:code', answer: changeRule },
  { method: 'GET', path: 'rules/code/:code/remove', roles: ['admin'], answer: askRemoval },
  { method: 'POST', path: 'rules/code/:code/remove', answer: removeRule },
];

const noTexts = readTexts(new URLSearchParams({ register: 'bonus', delay: 'none', lifeFrom: 'credit' }));

const title = (say: Say): string => say('Правила жизни', 'Rules of life');
const crumbsOf = (say: Say) => [{ title: title(say), path: 'rules' }];
const pathOf = (code: string): string => `rules/code/${encodeURIComponent(code)}`;

async function getRule({ infobase, params, say }: PageCall): Promise<ChosenLifeRule> {
  const found = (await listLifeRules(infobase)).find(({ code }) => code === params.code);
  if (found === undefined)
    throw new NotFound(say(`Правила «${params.code}» нет.`, `No rule of life "${params.code}".`));
  return found;
}

async function showRules(call: PageCall): Promise<PageReply> {
  const { infobase, say, base, isAdmin, now } = call;
  return {
    kind: 'page',
    title: title(say),
    body: (
      <>
        <p>
          {say(
            'Правило решает, когда начисленное зачисляется на карту и когда сгорает. Его выбирают в виде карт; без правила ' +
              'начисленное зачисляется сразу и не сгорает.',
            'A rule decides when an accrual is credited and when it expires. A card kind chooses it; without one, ' +
              'accruals are credited at once and never expire.',
          )}
        </p>
        {isAdmin && (
          <p class="actions">
            <a class="button" href={`${base}/rules/new`}>
              {say('Новое правило', 'New rule')}
            </a>
          </p>
        )}
        <Table
          caption={say('Правила и виды карт, которые их выбрали', 'Rules, and the card kinds that use them')}
          columns={[
            {
              title: say('Наименование', 'Name'),
              show: ({ code, name }) => <a href={`${base}/${pathOf(code)}`}>{name}</a>,
              isHead: true,
            },
            { title: say('Код', 'Code'), show: ({ code }) => code },
            { title: say('Регистр', 'Register'), show: ({ register }) => nameRegister(register, say) },
            { title: say('Зачисляется', 'Credited'), show: ({ delay }) => nameDelay(delay, say) },
            { title: say('Срок жизни', 'Life'), show: ({ life }) => nameLife(life, say) },
            { title: say('Пример', 'Example'), show: (rule) => explainTerm(rule, dateOf(now), say) },
            { title: say('Виды карт', 'Card kinds'), show: ({ kinds }) => <KindLinks {...{ kinds, base }} /> },
          ]}
          rows={await listLifeRules(infobase)}
          none={say('Правил ещё нет: начисленное не сгорает.', 'There are no rules yet: accruals never expire.')}
        />
      </>
    ),
  };
}

function KindLinks({ kinds, base }: { readonly kinds: readonly string[]; readonly base: string }) {
  return (
    <>
      {kinds.map((code, index) => (
        <>
          {index > 0 && ', '}
          <a href={`${base}/kinds/code/${encodeURIComponent(code)}`}>{code}</a>
        </>
      ))}
    </>
  );
}

async function showExample(call: PageCall): Promise<PageReply> {
  const body = <Example call={call} texts={readTexts(call.query)} />;
  return { kind: 'page', title: call.say('Пример срока', 'Example of a life'), crumbs: crumbsOf(call.say), body };
}

function showNewRule(call: PageCall, texts: RuleTexts, trouble?: FormTrouble): PageReply {
  const { say } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новое правило жизни', 'New rule of life'),
    crumbs: crumbsOf(say),
    body: <RuleForm {...{ call, action: 'rules/new', texts, isNew: true }} {...trouble} />,
  };
}

async function makeRule(call: PageCall): Promise<PageReply> {
  const { infobase, form, say, now } = call;
  const texts = readTexts(form);
  const read = readRule(texts, say);
  if (!read.ok) return showNewRule(call, texts, read);
  if ((await listLifeRules(infobase)).some(({ code }) => code === texts.code)) {
    const mistakes = { code: say('Правило с таким кодом уже есть.', 'There is a rule with this code.') };
    return showNewRule(call, texts, { mistakes });
  }
  const outcome = await saveLifeRule(infobase, now, read.change);
  if (!outcome.ok) return showNewRule(call, texts, findTrouble(outcome, say, russianMistakes));
  const example = explainTerm(outcome.rule, dateOf(now), say);
  return goTo(pathOf(texts.code), `${say('Правило создано.', 'The rule was made.')} ${example}`);
}

const russianMistakes = {
  code: 'Код: от 1 до 50 букв, цифр, «.», «_» и «-»; начинается с буквы или цифры; «none» занят.',
  name: 'Наименование: от 1 до 100 знаков.',
  register: 'Правило выбрали виды карт: регистр у него остаётся прежним.',
  life: 'С такой задержкой и таким сроком начисленное сгорит, не успев стать доступным, или дата уже прошла.',
};

async function showRule(
  call: PageCall,
  rule: ChosenLifeRule,
  texts = typeRule(rule),
  trouble?: FormTrouble,
): Promise<PageReply> {
  const { say, base, isAdmin, now } = call;
  const { code, name, register, delay, life, kinds } = rule;
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
            { title: say('Регистр', 'Register'), value: nameRegister(register, say) },
            { title: say('Зачисляется', 'Credited'), value: nameDelay(delay, say) },
            { title: say('Срок жизни', 'Life'), value: nameLife(life, say) },
            {
              title: say('Виды карт', 'Card kinds'),
              value: kinds.length === 0 ? say('не выбрано', 'not used') : <KindLinks {...{ kinds, base }} />,
            },
          ]}
        />
        <p>{explainTerm(rule, dateOf(now), say)}</p>
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <p>
              {say(
                'Изменение действует на новые начисления: у прежних даты остаются.',
                'A change is for new accruals: earlier ones keep their dates.',
              )}
            </p>
            <RuleForm {...{ call, action: pathOf(code), texts, isNew: false }} {...trouble} />
            <p class="actions">
              <a href={`${base}/${pathOf(code)}/remove`}>{say('Удалить правило', 'Remove the rule')}</a>
            </p>
          </>
        )}
      </>
    ),
  };
}

async function changeRule(call: PageCall): Promise<PageReply> {
  const { infobase, form, say, now } = call;
  const rule = await getRule(call);
  const texts = { ...readTexts(form), code: rule.code };
  const read = readRule(texts, say);
  if (!read.ok) return showRule(call, rule, texts, read);
  const outcome = await saveLifeRule(infobase, now, read.change);
  if (!outcome.ok) return showRule(call, rule, texts, findTrouble(outcome, say, russianMistakes));
  return goTo(pathOf(rule.code), say('Правило записано.', 'The rule was saved.'));
}

async function askRemoval(call: PageCall): Promise<PageReply> {
  const { say, base } = call;
  const { code, name, kinds } = await getRule(call);
  const body =
    kinds.length > 0 ? (
      <p class="notice warn">
        {say('Правило выбрали виды карт:', 'Card kinds use the rule:')} <KindLinks {...{ kinds, base }} />.{' '}
        {say('Сначала выберите в них другое.', 'Choose another one in them first.')}
      </p>
    ) : (
      <Question
        call={call}
        action={`${pathOf(code)}/remove`}
        back={pathOf(code)}
        button={say('Удалить правило', 'Remove the rule')}
      >
        <p>
          {say(
            'Видов карт с этим правилом: 0. У сделанных по нему начислений даты остаются.',
            'Card kinds that use it: 0. Accruals made under it keep their dates.',
          )}
        </p>
      </Question>
    );
  return {
    kind: 'page',
    title: say(`Удалить правило «${name}»`, `Remove rule "${name}"`),
    crumbs: [...crumbsOf(say), { title: name, path: pathOf(code) }],
    body,
  };
}

async function removeRule(call: PageCall): Promise<PageReply> {
  const { infobase, say } = call;
  const { code, name } = await getRule(call);
  const outcome = await removeLifeRule(infobase, code);
  // A kind has chosen it meanwhile: the page names it.
  if (outcome.sort === 'used') return { ...(await askRemoval(call)), status: 409 } as PageReply;
  return goTo('rules', say(`Правило «${name}» удалено.`, `Rule "${name}" was removed.`));
}
