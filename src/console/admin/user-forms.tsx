// The forms of a user: a new one, and another role or password.
import { shortestPassword, userRoles, type UserRole } from '../../operations/admin/users.ts';
import type { FormTrouble } from '../form-trouble.ts';
import type { PageCall } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm, SelectField, type FieldMistakes } from '../parts/form.tsx';
import type { Say } from '../say.ts';

export function nameRole(role: UserRole, say: Say): string {
  switch (role) {
    case 'admin':
      return say('администратор', 'administrator');
    case 'auditor':
      return say('аудитор: только чтение', 'auditor: reads');
    case 'till':
      return say('касса: без консоли', 'till: no console');
  }
}

interface RoleFieldProps {
  readonly say: Say;
  readonly role: UserRole;
}

function RoleField({ say, role }: RoleFieldProps) {
  const choices = userRoles.map((value) => ({ value, title: nameRole(value, say) }));
  return <SelectField name="role" label={say('Роль', 'Role')} value={role} choices={choices} />;
}

interface PasswordFieldProps {
  readonly say: Say;
  readonly ifEmpty: string;
  readonly mistakes: FieldMistakes | undefined;
}

/** What was typed is never sent back. */
function PasswordField({ say, ifEmpty, mistakes }: PasswordFieldProps) {
  const least = say(`Не меньше ${shortestPassword} знаков.`, `At least ${shortestPassword} characters.`);
  return (
    <InputField
      name="password"
      type="password"
      label={say('Пароль', 'Password')}
      hint={`${least} ${ifEmpty}`}
      autocomplete="new-password"
      mistakes={mistakes}
    />
  );
}

interface NewUserProps extends FormTrouble {
  readonly call: PageCall;
  readonly name: string;
  readonly role: UserRole;
}

export function NewUserForm({ call: { say, base, token }, name, role, mistakes, problem }: NewUserProps) {
  return (
    <PostForm action={`${base}/users/new`} token={token}>
      <FormProblem text={problem} />
      <InputField
        name="name"
        label={say('Имя', 'Name')}
        value={name}
        autocomplete="off"
        isRequired
        mistakes={mistakes}
      />
      <RoleField say={say} role={role} />
      <PasswordField
        say={say}
        ifEmpty={say('Пусто: пароль будет создан и показан один раз.', 'Empty: one is made and shown once.')}
        mistakes={mistakes}
      />
      <p class="actions">
        <button type="submit">{say('Добавить пользователя', 'Add the user')}</button>
        <a href={`${base}/users`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

interface ChangeUserProps extends FormTrouble {
  readonly call: PageCall;
  /** Under the infobase's address. */
  readonly action: string;
  readonly role: UserRole;
  readonly isLastAdmin: boolean;
}

export function ChangeUserForm({ call, action, role, isLastAdmin, mistakes, problem }: ChangeUserProps) {
  const { say, base, token } = call;
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      <FormProblem text={problem} />
      <RoleField say={say} role={role} />
      {isLastAdmin && (
        <CheckField
          name="alone"
          label={say(
            'Это последний администратор: оставить базу без администраторов',
            'This is the last administrator: leave the infobase without one',
          )}
          mistakes={mistakes}
        />
      )}
      <PasswordField
        say={say}
        ifEmpty={say(
          'Пусто: пароль прежний. Смена роли или пароля завершает сеансы пользователя.',
          'Empty: it stays. A change of role or password ends the sessions of the user.',
        )}
        mistakes={mistakes}
      />
      <p class="actions">
        <button type="submit">{say('Записать', 'Save')}</button>
        <a href={`${base}/users`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}
