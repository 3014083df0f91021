// Users of the service: the list, adding, changing the role or the password, removing.
import { makePassword } from '../../operations/admin/password.ts';
import {
  addServiceUser,
  changeServiceUser,
  findServiceUser,
  listServiceUsers,
  removeServiceUser,
  userRoles,
  type ServiceUser,
  type UserRole,
} from '../../operations/admin/users.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { CheckField, type FieldMistakes } from '../parts/form.tsx';
import { Question } from '../parts/question.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showMoment } from '../show.ts';
import { ChangeUserForm, nameRole, NewUserForm } from './user-forms.tsx';

export const usersPages: readonly Page[] = [
  { method: 'GET', path: 'users', answer: showUsers },
  { method: 'GET', path: 'users/new', roles: ['admin'], answer: async (call) => showNewUser(call) },
  { method: 'POST', path: 'users/new', answer: addUser },
  { method: 'GET', path: 'users/name/:name', answer: async (call) => showUser(call, await getUser(call)) },
  { method: 'POST', path: 'users/name/:name', answer: changeUser },
  { method: 'GET', path: 'users/name/:name/remove', roles: ['admin'], answer: (call) => askRemoval(call) },
  { method: 'POST', path: 'users/name/:name/remove', answer: removeUser },
];

const title = (say: Say): string => say('Пользователи', 'Users');
const crumbsOf = (say: Say) => [{ title: title(say), path: 'users' }];
const pathOf = (name: string): string => `users/name/${encodeURIComponent(name)}`;

async function getUser({ infobase, params, say }: PageCall): Promise<ServiceUser> {
  const { name = '' } = params;
  const found = await findServiceUser(infobase, name);
  if (found === undefined) throw new NotFound(say(`Пользователя «${name}» нет.`, `No user "${name}".`));
  return found;
}

const readRole = (form: URLSearchParams): UserRole | undefined => userRoles.find((role) => role === form.get('role'));

async function showUsers({ infobase, say, base, isAdmin }: PageCall): Promise<PageReply> {
  return {
    kind: 'page',
    title: title(say),
    body: (
      <>
        {isAdmin && (
          <p class="actions">
            <a class="button" href={`${base}/users/new`}>
              {say('Новый пользователь', 'New user')}
            </a>
          </p>
        )}
        <Table
          caption={say('Кто может обращаться к сервису', 'Who may call the service')}
          columns={[
            {
              title: say('Имя', 'Name'),
              show: ({ name }) => <a href={`${base}/${pathOf(name)}`}>{name}</a>,
              isHead: true,
            },
            { title: say('Роль', 'Role'), show: ({ role }) => nameRole(role, say) },
            { title: say('Добавлен', 'Added'), show: ({ madeAt }) => showMoment(madeAt) },
          ]}
          rows={await listServiceUsers(infobase)}
          none={say('Пользователей нет.', 'There are no users.')}
        />
      </>
    ),
  };
}

function showNewUser(call: PageCall, trouble?: FormTrouble): PageReply {
  const { say, form } = call;
  const name = form.get('name') ?? '';
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новый пользователь', 'New user'),
    crumbs: crumbsOf(say),
    body: <NewUserForm {...{ call, name, role: readRole(call.form) ?? 'till' }} {...trouble} />,
  };
}

const russianMistakes = {
  name: 'Имя: до 100 знаков, без двоеточия, без пробелов по краям. Такого пользователя ещё не должно быть.',
  password: 'Пароль: не короче 6 и не длиннее 256 знаков.',
};

async function addUser(call: PageCall): Promise<PageReply> {
  const { infobase, now, form, say } = call;
  const name = form.get('name') ?? '';
  const role = readRole(form) ?? 'till';
  if (name === '') return showNewUser(call, { mistakes: { name: say('Укажите имя.', 'Enter a name.') } });
  const typed = form.get('password') ?? '';
  const password = typed === '' ? makePassword() : typed;
  const outcome = await addServiceUser(infobase, now, { name, role, password });
  if (!outcome.ok) return showNewUser(call, findTrouble(outcome, say, russianMistakes));
  const done = say(`Пользователь «${name}» добавлен.`, `User "${name}" was added.`);
  return goTo('users', typed === '' ? `${done} ${showOnce(password, say)}` : done);
}

function showOnce(password: string, say: Say): string {
  return say(`Пароль: ${password} (показывается один раз).`, `Password: ${password} (it is shown once).`);
}

async function showUser(
  call: PageCall,
  user: ServiceUser,
  role = user.role,
  trouble?: FormTrouble,
): Promise<PageReply> {
  const { say, base, isAdmin } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: user.name,
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Роль', 'Role'), value: nameRole(user.role, say) },
            { title: say('Добавлен', 'Added'), value: showMoment(user.madeAt) },
          ]}
        />
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <ChangeUserForm
              {...{ call, action: pathOf(user.name), role, isLastAdmin: await isLastAdmin(call, user) }}
              {...trouble}
            />
            <p class="actions">
              <a href={`${base}/${pathOf(user.name)}/remove`}>{say('Удалить пользователя', 'Remove the user')}</a>
            </p>
          </>
        )}
      </>
    ),
  };
}

async function isLastAdmin({ infobase }: PageCall, { name, role }: ServiceUser): Promise<boolean> {
  return role === 'admin' && (await removeServiceUser(infobase, name, { isDryRun: true })).admins === 0;
}

function explainAlone(say: Say): FieldMistakes {
  const why = say('Отметьте, если администраторов не должно остаться.', 'Tick it if no administrator is to be left.');
  return { alone: why };
}

async function changeUser(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const user = await getUser(call);
  const role = readRole(form) ?? user.role;
  const password = form.get('password') ?? '';
  if (role !== 'admin' && form.get('alone') !== 'yes' && (await isLastAdmin(call, user))) {
    return showUser(call, user, role, { mistakes: explainAlone(say) });
  }
  const outcome = await changeServiceUser(infobase, user.name, { role, ...(password === '' ? {} : { password }) });
  if (!outcome.ok) return showUser(call, user, role, findTrouble(outcome, say, russianMistakes));
  return goTo(pathOf(user.name), say('Пользователь записан.', 'The user was saved.'));
}

async function askRemoval(call: PageCall, mistakes?: FieldMistakes): Promise<PageReply> {
  const { say, visitor } = call;
  const user = await getUser(call);
  const { name, role } = user;
  const isLast = await isLastAdmin(call, user);
  return {
    kind: 'page',
    ...(mistakes === undefined ? {} : { status: 422 as const }),
    title: say(`Удалить пользователя «${name}»`, `Remove user "${name}"`),
    crumbs: [...crumbsOf(say), { title: name, path: pathOf(name) }],
    body: (
      <Question
        call={call}
        action={`${pathOf(name)}/remove`}
        back={pathOf(name)}
        button={say('Удалить пользователя', 'Remove the user')}
      >
        <p>
          {say('Роль', 'Role')}: {nameRole(role, say)}.{' '}
          {say('Следующий вызов этого пользователя получит отказ.', 'The next call of this user is refused.')}
        </p>
        {name === visitor.name && (
          <p class="notice warn">{say('Это вы: консоль попросит войти.', 'It is you: the console asks to log in.')}</p>
        )}
        {isLast && (
          <>
            <p class="notice problem">
              {say(
                'Это последний администратор: изменить что-либо в консоли будет некому. Нового добавляет команда ' +
                  'kkm user add ИМЯ --role admin на сервере.',
                'This is the last administrator: nobody could change anything here. kkm user add NAME --role admin on ' +
                  'the server adds another.',
              )}
            </p>
            <CheckField
              name="alone"
              label={say('Удалить последнего администратора', 'Remove the last administrator')}
              mistakes={mistakes}
            />
          </>
        )}
      </Question>
    ),
  };
}

async function removeUser(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const user = await getUser(call);
  if (form.get('alone') !== 'yes' && (await isLastAdmin(call, user))) return askRemoval(call, explainAlone(say));
  await removeServiceUser(infobase, user.name);
  return goTo('users', say(`Пользователь «${user.name}» удалён.`, `User "${user.name}" was removed.`));
}
