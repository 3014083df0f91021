// Basic credentials of a request, and who they are. A password is checked by scrypt once; the verified credential is then
// remembered for minutes under a keyed hash of the header, so that the next calls cost microseconds and memory holds no password.
import { isUtf8 } from 'node:buffer';
import { hash, randomBytes } from 'node:crypto';
import type { Infobase } from '../operations/infobase.ts';
import { hashPassword, verifyPassword } from '../operations/password.ts';
import { findServiceUser, type UserRole } from '../operations/users.ts';

export interface Visitor {
  readonly name: string;
  readonly role: UserRole;
}

export interface CredentialKeeper {
  /** Who sends this Authorization header; undefined for nobody known. */
  identify(header: string | undefined): Promise<Visitor | undefined>;
}

interface Remembered {
  readonly visitor: Visitor;
  readonly revision: number;
  readonly until: number;
}

const rememberedForMs = 5 * 60_000;
/** As many as the tills of a large chain; beyond it the oldest are checked anew. */
const rememberedLimit = 10_000;

/** @param readMs a steady count of milliseconds. */
export function keepCredentials(infobase: Infobase, readMs: () => number): CredentialKeeper {
  const key = randomBytes(32).toString('hex');
  const remembered = new Map<string, Remembered>();
  // Tills that start together send the same credential together: one check serves them all.
  const checks = new Map<string, Promise<Visitor | undefined>>();

  const check = async (digest: string, header: string, revision: number): Promise<Visitor | undefined> => {
    const visitor = await verifyHeader(infobase, header);
    if (visitor !== undefined) {
      if (remembered.size >= rememberedLimit) remembered.delete(remembered.keys().next().value as string);
      remembered.set(digest, { visitor, revision, until: readMs() + rememberedForMs });
    }
    return visitor;
  };

  return {
    async identify(header) {
      if (header === undefined) return undefined;
      const digest = hash('sha256', key + header, 'base64');
      // Read at every call, also by one that joins another's check: settings and a test clock are refreshed by it.
      const revision = await infobase.db.read((trx) => infobase.loadRevision(trx));
      const known = remembered.get(digest);
      if (known !== undefined) {
        if (known.revision === revision && readMs() < known.until) return known.visitor;
        remembered.delete(digest);
      }
      let running = checks.get(digest);
      if (running === undefined) {
        running = check(digest, header, revision).finally(() => checks.delete(digest));
        checks.set(digest, running);
      }
      return running;
    },
  };
}

async function verifyHeader(infobase: Infobase, header: string): Promise<Visitor | undefined> {
  const pair = decodeBasic(header);
  if (pair === undefined) return undefined;
  const user = await findServiceUser(infobase, pair.name);
  // An unknown name costs as much as a wrong password, so that names cannot be guessed by time.
  const isRight = await verifyPassword(pair.password, user?.passwordHash ?? (await findDecoyHash()));
  return isRight && user !== undefined ? { name: user.name, role: user.role } : undefined;
}

let decoyHash: Promise<string> | undefined;

function findDecoyHash(): Promise<string> {
  decoyHash ??= hashPassword(randomBytes(16).toString('hex'));
  return decoyHash;
}

const windows1251 = new TextDecoder('windows-1251');

/**
 * "Basic <base64>" in UTF-8; suds sends the URL-safe alphabet, which Node's decoder takes as well. Bytes that are not
 * UTF-8 are a Russian Windows' own: U+FFFD in their place would make one password of many.
 */
export function decodeBasic(header: string): { readonly name: string; readonly password: string } | undefined {
  const match = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header);
  if (match === null) return undefined;
  const bytes = Buffer.from(match[1] as string, 'base64');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : windows1251.decode(bytes);
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
