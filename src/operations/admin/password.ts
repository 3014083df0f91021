// Passwords of the service's users: a salted scrypt hash that carries its own parameters, so that these can be raised
// later and old hashes still verify.
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

// OWASP's smallest recommended cost with 16 MiB of memory: a burst of four logins (the thread pool) takes 64 MiB, where
// the usual N = 2^17 would take half a gigabyte. One hash: about 0.1 s of one core, off the event loop.
const cost = { ln: 14, r: 8, p: 5 } as const;
const saltBytes = 16;
const hashBytes = 32;
// A row that somebody else wrote must not ask for gigabytes or minutes.
const greatestMemoryBytes = 256 * 1024 ** 2;
const greatestParallelism = 64;

const hashForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** @returns "$scrypt$ln=14,r=8,p=5$SALT$HASH" (PHC string format; base64 without padding). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return formatHash(salt, await derive(password, salt, hashBytes, cost));
}

/** Whether it asks for as much work as this version's; one that is not of the form lets nobody log in. */
export function judgeHash(hash: string): 'current' | 'weaker' | 'unreadable' {
  const match = hashForm.exec(hash);
  if (match === null) return 'unreadable';
  const [ln, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return ln >= cost.ln && r >= cost.r && p >= cost.p ? 'current' : 'weaker';
}

/** A hash of no password: to verify one against it costs what it costs against a user's, and fails. */
export function makeDecoyHash(): string {
  return formatHash(randomBytes(saltBytes), randomBytes(hashBytes));
}

function formatHash(salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${toText(salt)}$${toText(hash)}`;
}

/** The greatest number of characters. A header of Node's HTTP server would hold some thousands. */
export const passwordLimit = 256;

/**
 * Whether a user can have such a password at all. Control characters are none of a password's: scrypt fills a short key up
 * with zeros, so "secret" with a zero byte after it would be "secret".
 */
export function isPossiblePassword(password: string): boolean {
  return password !== '' && password.length <= passwordLimit && !/[\p{Cc}\p{Cs}\uFFFD]/u.test(password);
}

/** @throws where the hash is not of the form that hashPassword gives: the row is damaged or of a newer version. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (!isPossiblePassword(password)) return false;
  const match = hashForm.exec(hash);
  if (match === null) throw new Error('a password hash is not of a known form: give the user a new password');
  const [, ln, r, p, salt = '', known = ''] = match;
  const given = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (memoryOf(given) > greatestMemoryBytes || given.p > greatestParallelism || given.ln < 1 || given.r < 1) {
    throw new Error('a password hash asks for too much work: give the user a new password');
  }
  const expected = Buffer.from(known, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), expected.length, given), expected);
}

// No 0/o, 1/i/l: such a password is typed into a till from a sheet of paper.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password made by chance, about 99 bits: "k7wd-...", five groups of four. */
export function makePassword(): string {
  return Array.from({ length: 5 }, makeGroup).join('-');
}

function makeGroup(): string {
  return Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function memoryOf({ ln, r }: Cost): number {
  return 128 * 2 ** ln * r;
}

function derive(password: string, salt: Buffer, bytes: number, { ln, r, p }: Cost): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: memoryOf({ ln, r, p }) + 128 * r * p + 1024 ** 2 };
  return new Promise((resolve, reject) => {
    // A Cyrillic letter typed on a Mac comes decomposed; the same password must verify from everywhere.
    scrypt(password.normalize('NFC'), salt, bytes, options, (reason, key) => {
      if (reason === null) resolve(key);
      else reject(reason);
    });
  });
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
