// The settings of the infobase: the list, changing one; a change of the stage asks first.
import { settingTable, type SettingName } from '../../ledger/settings.ts';
import { listSettings, type StandingSetting } from '../../operations/admin/list-settings.ts';
import { saveSetting } from '../../operations/admin/save-setting.ts';
import type { FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm, SelectField, type FieldMistakes } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { ClockPart, clockPages } from './clock-part.tsx';
import { explainSetting, listValues, nameValue } from './setting-words.ts';
import { askStage, saveStage } from './stage-question.tsx';

export const settingsPages: readonly Page[] = [
  { method: 'GET', path: 'settings', answer: showSettings },
  { method: 'GET', path: 'settings/stage/confirm', roles: ['admin'], answer: (call) => askStage(call) },
  ...clockPages(showSettings),
  { method: 'GET', path: 'settings/:name', answer: async (call) => showSetting(call, await getSetting(call)) },
  { method: 'POST', path: 'settings/:name', answer: changeSetting },
];

const title = (say: Say): string => say('Настройки', 'Settings');

async function getSetting({ infobase, params, say }: PageCall): Promise<StandingSetting> {
  const found = (await listSettings(infobase)).find(({ name }) => name === params.name);
  if (found === undefined) throw new NotFound(say(`Настройки «${params.name}» нет.`, `No setting "${params.name}".`));
  return found;
}

function showValue(name: SettingName, value: string, say: Say): string {
  const meaning = nameValue(name, value, say);
  return meaning === '' ? value : `${value} — ${meaning}`;
}

async function showSettings(call: PageCall, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, say, base } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: title(say),
    body: (
      <>
        <p>
          {say(
            'Работающий сервис следует им со следующего вызова.',
            'A running service follows them from its next call on.',
          )}
        </p>
        <Table
          caption={say('Настройки этой базы', 'Settings of this infobase')}
          columns={[
            {
              title: say('Настройка', 'Setting'),
              show: ({ name }) => <a href={`${base}/settings/${name}`}>{name}</a>,
              isHead: true,
            },
            { title: say('Значение', 'Value'), show: ({ name, value }) => showValue(name, value, say) },
            {
              title: say('Задано', 'From'),
              show: ({ isOwn }) => (isOwn ? say('в базе', 'set here') : say('по умолчанию', 'default')),
            },
            { title: say('Что решает', 'What it decides'), show: ({ name }) => explainSetting(name, say) },
            { title: say('По умолчанию', 'Default'), show: ({ name }) => settingTable[name].fallback },
          ]}
          rows={await listSettings(infobase)}
          none=""
        />
        <ClockPart call={call} trouble={trouble} />
      </>
    ),
  };
}

async function showSetting(
  call: PageCall,
  { name, value, isOwn }: StandingSetting,
  typed = value,
  trouble?: FormTrouble,
): Promise<PageReply> {
  const { say, isAdmin } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: name,
    crumbs: [{ title: title(say), path: 'settings' }],
    body: (
      <>
        <p>{explainSetting(name, say)}</p>
        <Facts
          facts={[
            { title: say('Значение', 'Value'), value: showValue(name, value, say) },
            {
              title: say('Задано', 'From'),
              value: isOwn ? say('в базе', 'set here') : say('по умолчанию', 'default'),
            },
            { title: say('По умолчанию', 'Default'), value: showValue(name, settingTable[name].fallback, say) },
          ]}
        />
        {isAdmin && <SettingForm {...{ call, name, typed }} {...trouble} />}
      </>
    ),
  };
}

interface SettingFormProps extends FormTrouble {
  readonly call: PageCall;
  readonly name: SettingName;
  readonly typed: string;
}

function SettingForm({ call: { say, base, token }, name, typed, mistakes, problem }: SettingFormProps) {
  const field = <ValueField {...{ say, name, typed, mistakes }} />;
  const back = <a href={`${base}/settings`}>{say('Отмена', 'Cancel')}</a>;
  if (name === 'stage') {
    return (
      <form method="get" action={`${base}/settings/stage/confirm`} class="form">
        {field}
        <p class="actions">
          <button type="submit">{say('Что изменится', 'What would change')}</button>
          {back}
        </p>
      </form>
    );
  }
  return (
    <PostForm action={`${base}/settings/${name}`} token={token}>
      <FormProblem text={problem} />
      {field}
      <p class="actions">
        <button type="submit">{say('Записать', 'Save')}</button>
        {back}
      </p>
    </PostForm>
  );
}

interface ValueFieldProps {
  readonly say: Say;
  readonly name: SettingName;
  readonly typed: string;
  readonly mistakes: FieldMistakes | undefined;
}

function ValueField({ say, name, typed, mistakes }: ValueFieldProps) {
  const values = listValues(name);
  const label = say('Новое значение', 'New value');
  if (values.length === 0) {
    const hint = settingTable[name].expected;
    return <InputField {...{ name: 'value', label, hint, mistakes }} value={typed} inputMode="numeric" isRequired />;
  }
  const choices = values.map((value) => ({ value, title: showValue(name, value, say) }));
  return <SelectField {...{ name: 'value', label, choices, mistakes }} value={typed} />;
}

async function changeSetting(call: PageCall): Promise<PageReply> {
  const { infobase, now, form, say, params } = call;
  const setting = await getSetting(call);
  const value = (form.get('value') ?? '').trim();
  if (params.name === 'stage') return saveStage(call, value);
  const { name } = setting;
  if (!settingTable[name].isValid(value)) {
    const { expected } = settingTable[name];
    const why = say(`Такого значения нет. Ожидается: ${expected}`, `No such value. Expected: ${expected}`);
    return showSetting(call, setting, value, { mistakes: { value: why } });
  }
  const outcome = await saveSetting(infobase, now, name, value);
  if (!outcome.ok) return showSetting(call, setting, value, { problem: outcome.why });
  return goTo('settings', `${name}: ${outcome.before} → ${value}`);
}
