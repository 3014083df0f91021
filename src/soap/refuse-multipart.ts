// A message in parts (MTOM, SOAP with Attachments) is not supported, and the fault names it: the person who configured
// the client must find the option, and "not well-formed" would mislead them.
import { UnreadableRequest } from './contract/unreadable-request.ts';

const lessThan = 0x3c;
const hyphen = 0x2d;

/**
 * The body decides, as everywhere: one XML under a wrong Content-Type is read, parts under a wrong one are recognized
 * by their boundary.
 * @throws UnreadableRequest, in the version of SOAP that the parts declare.
 */
export function refuseMultipart(body: Buffer, contentType: string | undefined): void {
  const start = findStart(body);
  const isBounded = body[start] === hyphen && body[start + 1] === hyphen;
  const isToldSo = body.length > 0 && /^\s*multipart\//i.test(contentType ?? '');
  if (!isBounded && !(isToldSo && body[start] !== lessThan)) return;
  const isSoap12 = /application\/soap\+xml/i.test(contentType ?? '');
  const message =
    'Запрос пришёл частями (multipart/related: MTOM или вложения SOAP), а сервис принимает один документ XML: ' +
    'выключите MTOM в настройках клиента';
  throw new UnreadableRequest(message, { version: isSoap12 ? '1.2' : '1.1' });
}

/** Skips a byte order mark and the blanks that some stacks put before the first boundary. */
function findStart(body: Buffer): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (body[at] === 0x0d || body[at] === 0x0a || body[at] === 0x20 || body[at] === 0x09) at += 1;
  return at;
}
