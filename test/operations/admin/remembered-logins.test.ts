// The store of checked credentials: found by the whole digest, bounded, and without anything of the credential itself.
import { hash } from 'node:crypto';
import { RememberedLogins, type RememberedLogin } from '../../../src/operations/admin/remembered-logins.ts';

const digestOf = (text: string): string => hash('sha256', text, 'base64');

function build(untilMs: number): RememberedLogin<string> {
  return { visitor: 'till', name: 'till', passwordHash: 'hash', revision: 1, untilMs };
}

test('found by its digest alone', () => {
  const logins = new RememberedLogins<string>(10);
  const login = build(1);
  logins.put(digestOf('a'), login);
  expect(logins.find(digestOf('a'))).toBe(login);
  expect(logins.find(digestOf('b'))).toBeUndefined();
  // The beginning finds the entry, the whole decides.
  const near = `${digestOf('a').slice(0, 20)}${digestOf('b').slice(20)}`;
  expect(logins.find(near)).toBeUndefined();
  logins.delete(digestOf('a'));
  expect(logins.find(digestOf('a'))).toBeUndefined();
});

test('where there is no room, what runs out first goes', () => {
  const logins = new RememberedLogins<string>(3);
  const entries = { used: build(1), idle: build(2), young: build(3) };
  for (const [name, login] of Object.entries(entries)) logins.put(digestOf(name), login);
  entries.used.untilMs = 10;
  logins.put(digestOf('new'), build(4));
  expect(logins.size).toBe(3);
  expect(['used', 'idle', 'young', 'new'].filter((name) => logins.find(digestOf(name)) !== undefined)).toEqual([
    'used',
    'young',
    'new',
  ]);
  // The same credential again takes nobody's place.
  logins.put(digestOf('young'), build(5));
  expect([logins.size, logins.find(digestOf('used'))?.untilMs]).toEqual([3, 10]);
});
