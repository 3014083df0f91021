// The part of `kkm doctor` that asks for a weak password in the settings.
import { shortestPassword } from '../../../operations/admin/users.ts';
import { warn, type Finding } from './finding.ts';

/** It is asked for at the first start only, which refuses a short one; later it is a weak password in a settings file. */
export function checkAdminPassword(password: string | undefined): Finding[] {
  if (password === undefined || Array.from(password).length >= shortestPassword) return [];
  const found = `KKM_ADMIN_PASSWORD has fewer than ${shortestPassword} characters`;
  return [warn('password', found, 'kkm user add NAME --role admin --update, and remove the variable')];
}
